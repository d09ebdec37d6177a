"""Where operations that show something are drawn: a lane a process, time to the right.

What matters is which operation ended before which other one began. So a drawing is
not to scale: each call and each return has a place of its own, in their order, and
places are as far apart as labels need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ._ladder import Act, DeadEnd


class Bar(msgspec.Struct, frozen=True):
    """An operation in a drawing.

    Attributes:
        act: The operation.
        start: The place of its call.
        end: The place of its return; None if it has none.
        number: Its number in the order found so far, from 1; None if it is not in it.
        obstacle: Why it cannot come next; None if it is no candidate.
        is_wrong: Whether it is what is said to be wrong.
    """

    act: Act
    start: int
    end: int | None
    number: int | None = None
    obstacle: str | None = None
    is_wrong: bool = False


class Lane(msgspec.Struct, frozen=True):
    """What a process did, in order, and on which nodes, in the order it came to them."""

    process: int
    nodes: tuple[str, ...]
    bars: tuple[Bar, ...]

    @property
    def label(self) -> str:
        """How the process is called."""
        where = f" ({', '.join(self.nodes)})" if self.nodes else ""
        return f"process {self.process}{where}"


def lanes(
    acts: Sequence[Act], deepest: DeadEnd | None = None, wrong: int | None = None
) -> list[Lane]:
    """Return operations by process, each with its places.

    Args:
        acts: The operations.
        deepest: The order of them that comes furthest, if one was looked for.
        wrong: The operation that is said to be wrong, if it is one.
    """
    events = [(act.operation, at, True) for at, act in enumerate(acts)]
    events += [
        (act.returned, at, False)
        for at, act in enumerate(acts)
        if act.returned is not None and act.returned > act.operation
    ]
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    for place, (_, at, is_call) in enumerate(sorted(events)):
        (starts if is_call else ends)[at] = place
    numbers = {} if deepest is None else {i: n for n, i in enumerate(deepest.prefix, 1)}
    stuck = {} if deepest is None else {c.operation: c.why for c in deepest.candidates}
    found: dict[int, list[Bar]] = {}
    for at, act in enumerate(acts):
        number, obstacle = numbers.get(act.operation), stuck.get(act.operation)
        is_wrong = act.operation == wrong
        bar = Bar(act, starts[at], ends.get(at), number, obstacle, is_wrong)
        found.setdefault(act.process, []).append(bar)
    return [
        _lane(process, sorted(bars, key=lambda bar: bar.start))
        for process, bars in sorted(found.items())
    ]


def _lane(process: int, bars: Sequence[Bar]) -> Lane:
    nodes = dict.fromkeys(bar.act.node for bar in bars if bar.act.node is not None)
    return Lane(process, tuple(nodes), tuple(bars))


def spread(
    drawn: Sequence[Lane], room: Callable[[Bar], int], *, gap: int
) -> tuple[list[int], int]:
    """Return how far to the right each place is, and the width of the drawing.

    Args:
        drawn: The lanes.
        room: The least width of a bar.
        gap: The least distance of two places.
    """
    bars = [bar for lane in drawn for bar in lane.bars]
    ending = {bar.end: bar for bar in bars if bar.end is not None}
    places = len(bars) + len(ending)
    found: list[int] = []
    for place in range(places):
        least = found[-1] + gap if found else 0
        if (bar := ending.get(place)) is not None:
            least = max(least, found[bar.start] + room(bar))
        found.append(least)
    width = max(
        [found[bar.start] + room(bar) + gap for bar in bars if bar.end is None]
        + found[-1:]
    )
    return found, width
