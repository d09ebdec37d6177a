"""What a read must have seen, if a node shows what it has acknowledged and shown.

For every node and register the writes that it has to cover are kept as a *front*: those
that no other one of them supersedes. A write that a node has acknowledged before the
read was invoked is one (`own`), and so are the values of a read that the node has
answered before (`seen`). A node that lost its disk owes nothing from before.

The bounds hold for nodes that answer from what they themselves have stored, which is
what a replicated register is; a violation names the tag that it relies on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ._table import ACKNOWLEDGED, ASKED, RETURNED


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ._causes import Histories
    from ._table import Table


class Bound(NamedTuple):
    """A write that a node has to cover from some event on.

    Attributes:
        row: The write.
        proof: Index of the operation that says so: the write itself, which the node had
            acknowledged, or a read that it had answered.
    """

    row: int
    proof: int


def fronts(
    table: Table, histories: Histories
) -> Iterator[tuple[int, Mapping[int, int]]]:
    """Yield every read's number with the writes that it must cover, by invocation.

    They are rows with their proofs, as in `Bound`, to be looked at before the next ones
    are asked for. Near-linear: a front is as small as the number of concurrent values is.
    """
    writes, reads = table.writes, table.reads
    kept: list[dict[int, int]] = [{} for _ in table.copies]
    forgot = [-1] * len(table.copies)
    for index, what, number in table.moments():
        if what == ACKNOWLEDGED:
            copy, began = writes.copy[number], writes.index[number]
            if began >= forgot[copy]:
                _put(kept[copy], (number,), began, histories)
        elif what == RETURNED:
            copy, began = reads.copy[number], reads.index[number]
            if began >= forgot[copy]:
                _put(kept[copy], reads.rows[number], began, histories)
        elif what == ASKED:
            yield number, kept[reads.copy[number]]
        else:
            _, lost = table.forgets[number]
            for copy, (place, _) in enumerate(table.copies):
                if place == lost:
                    kept[copy].clear()
                    forgot[copy] = index


def _put(
    front: dict[int, int], rows: tuple[int, ...], proof: int, histories: Histories
) -> None:
    """Add writes, but for those that are covered; drop what they supersede."""
    fresh = [row for row in rows if row not in front]
    if not fresh:
        return
    if histories.unrelated([*front, *fresh]):
        front.update(dict.fromkeys(fresh, proof))
        return
    # Mostly they supersede what they were built from, and nothing else.
    for row in fresh:
        for source in histories.sources[row]:
            if source < row:
                front.pop(source, None)
    for row in fresh:
        if front and any(histories.supersedes(known, row) for known in front):
            continue
        for known in [known for known in front if histories.supersedes(row, known)]:
            del front[known]
        front[row] = proof
