"""What a read must have seen, if a node shows what it has acknowledged and shown.

For every node and register the writes that it has to cover are kept as a *front*: those
that no other one of them supersedes. A write that a node has acknowledged before the
read was invoked is one (`own`), and so are the values of a read that the node has
answered before (`seen`). A node that lost its disk owes nothing from before.

The bounds hold for nodes that answer from what they themselves have stored, which is
what a replicated register is; a violation names the tag that it relies on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple


if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkers._elements import Key

    from ._causes import Histories
    from ._table import Read, Table


Tag = Literal["own", "seen"]


class Bound(NamedTuple):
    """A write that a node has to cover from some event on.

    Attributes:
        row: The write.
        tag: Why.
        proof: Index of the operation that says so.
    """

    row: int
    tag: Tag
    proof: int


def fronts(table: Table, histories: Histories) -> Iterator[tuple[Read, list[Bound]]]:
    """Yield every read with the writes that it must cover, by invocation.

    Near-linear: a front is as small as the number of concurrent values is.
    """
    events: list[tuple[int, int, int]] = []
    for row, write in enumerate(table.writes):
        if write.end is not None:
            events.append((write.end, 0, row))
    for number, read in enumerate(table.reads):
        events.append((read.end, 1, number))
        events.append((read.index, 2, number))
    for number, (index, _) in enumerate(table.forgets):
        events.append((index, 3, number))
    kept: dict[tuple[str, Key], list[Bound]] = {}
    forgot: dict[str, int] = {}
    for index, what, number in sorted(events):
        if what == 0:
            write = table.writes[number]
            if write.start < forgot.get(write.place, -1):
                continue
            front = kept.setdefault((write.place, write.key), [])
            _put(front, Bound(number, "own", write.index), histories)
        elif what == 1:
            read = table.reads[number]
            if read.index < forgot.get(read.place, -1):
                continue
            front = kept.setdefault((read.place, read.key), [])
            for row in read.rows:
                _put(front, Bound(row, "seen", read.index), histories)
        elif what == 2:
            read = table.reads[number]
            yield read, list(kept.get((read.place, read.key), ()))
        else:
            lost = table.forgets[number][1]
            forgot[lost] = index
            for place, key in kept:
                if place == lost:
                    kept[place, key] = []


def _put(front: list[Bound], bound: Bound, histories: Histories) -> None:
    """Add a write, unless it is covered by what is there; drop what it supersedes."""
    if any(
        known.row == bound.row or histories.supersedes(known.row, bound.row)
        for known in front
    ):
        return
    front[:] = [
        known for known in front if not histories.supersedes(bound.row, known.row)
    ]
    front.append(bound)
