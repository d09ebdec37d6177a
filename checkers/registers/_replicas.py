"""What supersedes what, where a write replaces what is visible on the node that takes it.

Nobody says what was visible there, so this is known within bounds. A write replaces at
least what its node had acknowledged or shown before it was asked for the write, and at
most what could have reached it until it answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._bounds import Bound
from ._columns import by_end
from ._table import ACKNOWLEDGED, ASKED, RETURNED


if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from checkers.evidence import Evidence

    from ._table import Table


class Replicas:
    """Answers what writes may, and must, have replaced on their nodes."""

    def __init__(self, table: Table, evidence: Evidence | None) -> None:
        self._table = table
        self._evidence = evidence
        self._shown: dict[tuple[int, int], int] | None = None

    def may_replace(self, rows: Collection[int], row: int) -> bool:
        """Whether a write could have been visible where one of others was executed."""
        return any(self._may_replace(by, row) for by in rows)

    def _may_replace(self, by: int, row: int) -> bool:
        writes = self._table.writes
        if self._evidence is not None and writes.acknowledged(by):
            could = self._evidence.could_show(writes.index[row], writes.index[by])
            if could is not None:
                return could
        return writes.index[row] < writes.end[by]

    def must_replace(self, by: int, row: int) -> int | None:
        """Return what says that a write was visible where another was executed.

        That is the index of the write itself, which the node of the other one had
        acknowledged before, or of a read in which that node had shown it; None if it
        may have been unknown there.
        """
        writes, reads = self._table.writes, self._table.reads
        copy, before = writes.copy[by], writes.index[by]
        proof = None
        if copy == writes.copy[row] and writes.end[row] < before:
            proof = writes.index[row]
        else:
            number = self._first_shown().get((copy, row))
            if number is not None and reads.end[number] < before:
                proof = reads.index[number]
        if proof is None or self._forgot(writes.place(by), proof, before):
            return None
        return proof

    def _first_shown(self) -> dict[tuple[int, int], int]:
        """Return the first read of each copy that showed a write; of siblings alone."""
        if self._shown is None:
            reads = self._table.reads
            siblings = {row for rows in reads.rows if len(rows) > 1 for row in rows}
            self._shown = {}
            for number in by_end(reads.end):
                for row in siblings.intersection(reads.rows[number]):
                    self._shown.setdefault((reads.copy[number], row), number)
        return self._shown

    def _forgot(self, place: str, since: int, until: int) -> bool:
        return any(
            where == place and since < index < until
            for index, where in self._table.forgets
        )

    def lacking(self) -> Iterator[tuple[int, list[Bound]]]:
        """Yield the number of each read with what its node owed it and it lacks.

        A node owes what it has acknowledged (`own`) and shown (`seen`) before, until it
        is asked for another write, or shows what may have replaced it. So what it owes
        is no more than the writes that are concurrent, and those under way.
        """
        table = self._table
        writes, reads = table.writes, table.reads
        owed: list[dict[int, tuple[int, int]]] = [{} for _ in table.copies]
        forgot = [-1] * len(table.copies)
        for index, what, number in table.moments():
            if what == ACKNOWLEDGED:
                copy, began = writes.copy[number], writes.index[number]
                if began >= forgot[copy]:
                    _settle(owed[copy], began)
                    owed[copy][number] = index, began
            elif what == RETURNED:
                copy, began = reads.copy[number], reads.index[number]
                if began >= forgot[copy]:
                    debts = owed[copy]
                    _settle(debts, began)
                    for row in reads.rows[number]:
                        if row not in debts:
                            debts[row] = index, began
            elif what == ASKED:
                found = self._unpaid(reads.rows[number], owed[reads.copy[number]])
                if found:
                    yield number, found
            else:
                _, lost = table.forgets[number]
                for copy, (place, _) in enumerate(table.copies):
                    if place == lost:
                        owed[copy].clear()
                        forgot[copy] = index

    def _unpaid(
        self, rows: tuple[int, ...], debts: dict[int, tuple[int, int]]
    ) -> list[Bound]:
        return [
            Bound(row, proof)
            for row, (_, proof) in debts.items()
            if row not in rows and not self.may_replace(rows, row)
        ]


def _settle(debts: dict[int, tuple[int, int]], before: int) -> None:
    """Drop what was owed already at some event."""
    for row in [row for row, (since, _) in debts.items() if since < before]:
        del debts[row]
