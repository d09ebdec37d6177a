"""What supersedes what, where a write replaces what is visible on the node that takes it.

Nobody says what was visible there, so this is known within bounds. A write replaces at
least what its node had acknowledged or shown before it was asked for the write, and at
most what could have reached it until it answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._bounds import Bound


if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkers._elements import Key
    from checkers.evidence import Evidence

    from ._table import Read, Table


class Replicas:
    """Answers what writes may, and must, have replaced on their nodes."""

    def __init__(self, table: Table, evidence: Evidence | None) -> None:
        self._table = table
        self._evidence = evidence

    def may_replace(self, by: int, row: int) -> bool:
        """Whether a write could have been visible where another one was executed."""
        later, earlier = self._table.writes[by], self._table.writes[row]
        if not later.acknowledged:
            return True
        if self._evidence is not None:
            could = self._evidence.could_show(earlier.index, later.index)
            if could is not None:
                return could
        return later.end is None or earlier.start < later.end

    def must_replace(self, by: int, row: int) -> bool:
        """Whether a write was visible, for certain, where another was executed."""
        later, earlier = self._table.writes[by], self._table.writes[row]
        return (
            earlier.place == later.place
            and earlier.end is not None
            and earlier.end < later.start
            and not self._forgot(earlier.place, earlier.start, later.start)
        )

    def _forgot(self, place: str, since: int, until: int) -> bool:
        return any(
            where == place and since < index < until
            for index, where in self._table.forgets
        )

    def lacking(self) -> Iterator[tuple[Read, list[Bound]]]:
        """Yield every read with what its node owed it and nothing that it shows replaced.

        A node owes what it has acknowledged (`own`) and shown (`seen`) before, until it
        is asked for another write, or shows what may have replaced it. So what it owes
        is no more than the writes that are concurrent, and those under way.
        """
        table = self._table
        events: list[tuple[int, int, int]] = []
        for row, write in enumerate(table.writes):
            if write.end is not None:
                events.append((write.end, 0, row))
        for number, read in enumerate(table.reads):
            events.append((read.end, 1, number))
            events.append((read.index, 2, number))
        for number, (index, _) in enumerate(table.forgets):
            events.append((index, 3, number))
        owed: dict[tuple[str, Key], dict[int, tuple[int, Bound]]] = {}
        forgot: dict[str, int] = {}
        for index, what, number in sorted(events):
            if what == 0:
                write = table.writes[number]
                if write.start < forgot.get(write.place, -1):
                    continue
                debts = owed.setdefault((write.place, write.key), {})
                _settle(debts, write.start)
                debts[number] = index, Bound(number, "own", write.index)
            elif what == 1:
                read = table.reads[number]
                if read.index < forgot.get(read.place, -1):
                    continue
                debts = owed.setdefault((read.place, read.key), {})
                _settle(debts, read.index)
                for row in read.rows:
                    debts.setdefault(row, (index, Bound(row, "seen", read.index)))
            elif what == 2:
                read = table.reads[number]
                found = self._unpaid(read, owed.get((read.place, read.key), {}))
                if found:
                    yield read, found
            else:
                lost = table.forgets[number][1]
                forgot[lost] = index
                for place, key in owed:
                    if place == lost:
                        owed[place, key] = {}

    def _unpaid(self, read: Read, debts: dict[int, tuple[int, Bound]]) -> list[Bound]:
        rows = read.rows
        return [
            bound
            for row, (_, bound) in debts.items()
            if row not in rows and not any(self.may_replace(by, row) for by in rows)
        ]


def _settle(debts: dict[int, tuple[int, Bound]], before: int) -> None:
    """Drop what was owed already at some event."""
    for row in [row for row, (since, _) in debts.items() if since < before]:
        del debts[row]
