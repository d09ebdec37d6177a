"""A drawing of operations: a lane a process, a bar an operation, time to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports._format import cut
from reports._lanes import spread
from reports._markup import Markup, element, visible


if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from reports._lanes import Bar, Lane


LABEL_MAX = 36
STORY_MAX = 160

_LETTER = 7.3  # a letter of the 12 px typeface of bars, in px, at most
_WIDE = "\u1100"  # from here on letters may be twice as wide
_PADDING, _BADGE, _GAP = 9, 21, 14
_LANE, _BAR, _TOP, _EDGE = 56, 28, 21, 3


def drawing(drawn: Sequence[Lane], title: str, known: Container[int]) -> Markup:
    """Return lanes as SVG that needs no script; equal lanes give equal bytes.

    A bar has what it did as its label, its number in the order found so far or a
    cross where it is wrong or cannot come next, and the whole story as its title. Each can have
    the focus, and says the same to those who do not see it. All of it stretches to
    the width of the page, and scrolls sideways where labels need more.

    Args:
        drawn: The lanes.
        title: What the drawing is of.
        known: Operations that the timeline has, to which their bars lead.
    """
    places, width = spread(drawn, _room, gap=_GAP)
    width += 2 * _EDGE
    shares = [100 * (at + _EDGE) / width for at in places]
    children = [_lane(lane, shares, at * _LANE, known) for at, lane in enumerate(drawn)]
    ordered = any(bar.number or bar.obstacle for lane in drawn for bar in lane.bars)
    return element(
        "div",
        element(
            "div",
            # Nothing is drawn in it, but it keeps the other one as wide as it has to be.
            element("svg", width=width, height=0, aria_hidden="true"),
            element(
                "svg",
                children,
                width="100%",
                height=len(drawn) * _LANE,
                role="group",
                aria_label=f"{title}. {_summary(drawn)}",
                class_="lanes ordered" if ordered else "lanes",
            ),
            class_="stretch",
        ),
        class_="scroll",
        tabindex=0,
    )


def _summary(drawn: Sequence[Lane]) -> str:
    return " ".join(
        f"{lane.label} did {', then '.join(_label(bar) for bar in lane.bars)}."
        for lane in drawn
    )


def _lane(
    lane: Lane, shares: Sequence[float], top: int, known: Container[int]
) -> Markup:
    middle = top + _TOP + _BAR // 2
    return element(
        "g",
        element("line", x1=0, x2="100%", y1=middle, y2=middle),
        element("text", lane.label, x=2, y=top + 14, class_="name"),
        [_bar(bar, lane, shares, top + _TOP, known) for bar in lane.bars],
    )


def _bar(
    bar: Bar, lane: Lane, shares: Sequence[float], top: int, known: Container[int]
) -> Markup:
    left = shares[bar.start]
    # The right side of what has no end is beyond the drawing.
    right = 110 if bar.end is None else shares[bar.end]
    kind = "stuck" if _crossed(bar) else "placed" if bar.number else "waiting"
    story = _story(bar, lane)
    x, middle = f"{left:.3f}%", top + _BAR // 2
    leads = bar.act.operation in known
    return element(
        "a" if leads else "g",
        element("title", story),
        element("rect", x=x, y=top, width=f"{right - left:.3f}%", height=_BAR, rx=5),
        [
            element("circle", cx=x, cy=middle, r=9, transform="translate(16)"),
            element(
                "text",
                "✗" if _crossed(bar) else bar.number,
                x=x,
                dx=16,
                y=middle + 4,
                class_="mark",
            ),
        ]
        if _marked(bar)
        else None,
        element(
            "text",
            _label(bar),
            x=x,
            dx=_PADDING + (_BADGE if _marked(bar) else 0),
            y=middle + 4,
        ),
        class_=f"act {kind}",
        tabindex=0,
        href=f"#operations={bar.act.operation}" if leads else None,
        role=None if leads else "img",
        aria_label=story,
        data_operation=bar.act.operation,
    )


def _story(bar: Bar, lane: Lane) -> str:
    parts = [
        f"{cut(bar.act.does, STORY_MAX)}: operation {bar.act.operation} of {lane.label}"
    ]
    if bar.end is None:
        parts.append("it may take effect at any time after its call, or never")
    if bar.number is not None:
        parts.append(f"number {bar.number} in the order found so far")
    if bar.obstacle is not None:
        parts.append(f"it could come next and cannot: {bar.obstacle}")
    if bar.is_wrong:
        parts.append("this is what is wrong")
    return "; ".join(parts)


def _crossed(bar: Bar) -> bool:
    return bar.is_wrong or bar.obstacle is not None


def _marked(bar: Bar) -> bool:
    return bar.number is not None or _crossed(bar)


def _label(bar: Bar) -> str:
    return cut(visible(bar.act.does), LABEL_MAX)


def _room(bar: Bar) -> int:
    letters = sum(2 if letter >= _WIDE else 1 for letter in _label(bar))
    badge = _BADGE if _marked(bar) else 0
    return round(letters * _LETTER) + 2 * _PADDING + badge
