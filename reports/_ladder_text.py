"""Consistency models in the terminal: the ladder, and a drawing of what breaks it."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

from ._format import cut, listed, plural
from ._ink import COLORS, WIDTH, Ink, wrapped
from ._ladder import (
    STALE,
    Rung,
    because,
    deciding,
    groups,
    models_result,
    witness,
)
from ._lanes import Lane, lanes, spread
from ._markup import visible


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ._ladder import DeadEnd, Witness
    from ._view import View


CANDIDATES_MAX = 6
PREFIX_MAX = 12
STRIPS_MAX = 4
"""Strips into which a drawing is cut that is too wide."""

_NAMES = 22
_SAID, _STATE = 40, 80
_LABELS = (32, 20, 12)
_MARKS = {"yes": "✓", "no": "✗", "unknown": "?"}
_COLORS = {"yes": "valid", "no": "invalid", "unknown": "unknown"}


def ladder_block(view: View, ink: Ink) -> Iterator[str]:
    """Yield the lines that say which models hold, and how stale clients are."""
    result = models_result(view)
    if result is None:
        return
    yield ink.paint("models", "1")
    for group in groups(result):
        mark = ink.paint(_MARKS.get(group[0].verdict, "?"), _color(group[0]))
        names = ", ".join(rung.name for rung in group)
        yield from _row(f"  {mark} ", names, because(group, result))
    for anomaly in result.anomalies:
        if anomaly.name == STALE:
            yield from _row("    ", "staleness", anomaly.sentence)


def _color(rung: Rung) -> str:
    return COLORS[_COLORS.get(rung.verdict, "unknown")]


def _row(mark: str, names: str, text: str) -> Iterator[str]:
    """Yield a row of the table; long names have a line of their own."""
    lines = wrapped(text, 4 + _NAMES)
    if len(names) < _NAMES:
        yield f"{mark}{names:<{_NAMES}}{lines[0][4 + _NAMES :]}"
        lines = lines[1:]
    else:
        first, *rest = wrapped(names, 4)
        yield f"{mark}{first[4:]}"
        yield from rest
    yield from lines


def drawing_block(view: View, ink: Ink) -> Iterator[str]:
    """Yield the lines that draw the deciding anomaly and say where orders of it end."""
    anomaly = deciding(view)
    found = None if anomaly is None else witness(anomaly)
    if anomaly is None or found is None:
        return
    extent = f": {found.size}{found.place}"
    if found.is_minimal and len(found.operations) > 1:
        extent += ", none of which can be left out"
    yield ink.paint(anomaly.name, "1") + visible(extent)
    yield from draw(found, ink)
    if (end := found.deepest) is not None:
        yield from _dead_end(found, end, ink)


def draw(found: Witness, ink: Ink) -> Iterator[str]:
    """Yield a line a process, with a bar an operation; as strips if it is too wide."""
    drawn = lanes(found.operations, found.deepest)
    heads = [_cells(lane.label, 28) for lane in drawn]
    margin = 2 + max(map(len, heads)) + 2
    room = WIDTH - margin
    labels = _fitting(drawn, room)
    places, width = _spread(drawn, labels)
    canvas = [_line(lane, labels, places, width) for lane in drawn]
    cuts = _cuts(drawn, labels, places, width, room)
    strips = list(pairwise(cuts))
    if len(strips) > STRIPS_MAX:
        yield ink.paint("    the beginning is left out", "2")
    for at, (start, stop) in enumerate(strips[-STRIPS_MAX:]):
        if at:
            yield ""
        for lane, head, line in zip(drawn, heads, canvas, strict=True):
            cells = line[start:stop]
            if len(strips) > 1 and not "".join(cells).strip():
                continue
            name = "".join(head) + " " * (margin - 4 - len(head))
            bars = _painted(lane, places, cells, start, ink)
            yield f"  {ink.paint(name, '2')}  {bars}"


def _cuts(
    drawn: Sequence[Lane],
    labels: dict[int, list[str]],
    places: Sequence[int],
    width: int,
    room: int,
) -> list[int]:
    """Return where strips begin and end: through no bar or label, if that can be."""
    in_bars: set[int] = set()
    in_labels: set[int] = set()
    for lane in drawn:
        for bar in lane.bars:
            start, text = places[bar.start], len(labels[bar.act.operation])
            end = start + text + 5 if bar.end is None else places[bar.end]
            at = _begin(start, end, text, is_open=bar.end is None)
            in_bars.update(range(start + 1, end + 1))
            in_labels.update((start + 1, *range(at + 1, at + text), end))
    cuts = [0]
    while width + 1 - cuts[-1] > room:
        furthest = cuts[-1] + room
        near = range(furthest, cuts[-1] + room // 2, -1)
        clear = (
            at for inside in (in_bars, in_labels) for at in near if at not in inside
        )
        cuts.append(next(clear, furthest))
    return [*cuts, width + 1]


def _begin(start: int, end: int, text: int, *, is_open: bool) -> int:
    """Return where the label of a bar begins: in its middle."""
    return start + 3 if is_open else start + max(3, (end - start + 1 - text) // 2)


def _fitting(drawn: Sequence[Lane], room: int) -> dict[int, list[str]]:
    """Return labels of bars, as long as there is room for."""
    fitting = (
        labels
        for limit in _LABELS
        if _spread(drawn, labels := _labels(drawn, limit))[1] < room
    )
    return next(fitting, _labels(drawn, _LABELS[-1]))


def _spread(
    drawn: Sequence[Lane], labels: dict[int, list[str]]
) -> tuple[list[int], int]:
    return spread(drawn, lambda bar: len(labels[bar.act.operation]) + 5, gap=2)


def _painted(
    lane: Lane, places: Sequence[int], cells: list[str], start: int, ink: Ink
) -> str:
    """Return cells as text, with what cannot come next in a color."""
    red: set[int] = set()
    for bar in lane.bars:
        if bar.obstacle is not None:
            last = start + len(cells) if bar.end is None else places[bar.end] + 1
            red.update(range(places[bar.start], last))
    text, at = "", 0
    while at < len(cells):
        to = at
        is_red = at + start in red
        while to < len(cells) and (to + start in red) is is_red:
            to += 1
        piece = "".join(cells[at:to])
        text += ink.paint(piece, "31") if is_red else piece
        at = to
    return text.rstrip()


def _cells(text: str, limit: int) -> list[str]:
    """Return text as the columns it takes; the second one of a wide letter is empty."""
    found: list[str] = []
    for letter in visible(" ".join(text.split())):
        if found and unicodedata.combining(letter):
            found[-1] += letter
            continue
        found.append(letter)
        if unicodedata.east_asian_width(letter) in "WF":
            found.append("")
    if len(found) > limit:
        found = found[: limit - 1]
        if found[-1] and unicodedata.east_asian_width(found[-1][0]) in "WF":
            found.pop()
        found.append("…")
    return found


def _labels(drawn: Sequence[Lane], limit: int) -> dict[int, list[str]]:
    """Return what stands in each bar, which tells it from all others."""
    bars = [bar for lane in drawn for bar in lane.bars]
    texts = [_cells(bar.act.does, limit) for bar in bars]
    found = {}
    for bar, text in zip(bars, texts, strict=True):
        label = text
        if texts.count(text) > 1:
            label = [*text, *f" #{bar.act.operation}"]
        found[bar.act.operation] = ["✗", " ", *label] if bar.obstacle else label
    return found


def _line(
    lane: Lane, labels: dict[int, list[str]], places: Sequence[int], width: int
) -> list[str]:
    cells = [" "] * (width + 1)
    for bar in lane.bars:
        start, label = places[bar.start], labels[bar.act.operation]
        end = width if bar.end is None else places[bar.end]
        cells[start : end + 1] = ["|", *["-"] * (end - start - 1), "|"]
        if bar.end is None:
            cells[end - 1 : end + 1] = ["…", ">"]
        at = _begin(start, end, len(label), is_open=bar.end is None)
        cells[at : at + len(label)] = label
    return cells


def _dead_end(found: Witness, end: DeadEnd, ink: Ink) -> Iterator[str]:
    acts = {act.operation: act for act in found.operations}
    done = [
        cut(acts[at].does, _SAID) if at in acts else f"operation {at}"
        for at in end.prefix
    ]
    left_out = len(done) - PREFIX_MAX
    shown = done[-PREFIX_MAX:]
    if left_out > 0:
        shown = [f"{plural(left_out, 'operation')} before", *shown]
    when = f"after {listed(shown)}" if shown else "at the beginning"
    yield from wrapped(f"{when} the state is {cut(end.state, _STATE)}, and then", 4)
    for candidate in end.candidates[:CANDIDATES_MAX]:
        process = (
            f", process {acts[at].process}"
            if (at := candidate.operation) in acts
            else ""
        )
        said = f"{cut(candidate.does, _SAID)} (operation {at}{process})"
        text = f"{said}: {candidate.why}"
        first, *rest = wrapped(text, 6)
        yield f"    {ink.paint('✗', '31')} {first[6:]}"
        yield from rest
    more = len(end.candidates) - CANDIDATES_MAX
    if more > 0:
        yield f"      and {plural(more, 'more operation')}"
    if len(found.dead_ends) > 1:
        others = len(found.dead_ends) - 1
        yield f"    {plural(others, 'other order')} of them {'ends' if others == 1 else 'end'} as well"
