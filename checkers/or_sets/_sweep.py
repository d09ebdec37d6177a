"""Reads during the run, against what their node has acknowledged and shown.

One walk through the events in order. For every node it keeps the elements that it must
show: it acknowledged an add that no remove so far may have taken away. And of every
element, the adds that removes on this node must have taken away: adds that it had
acknowledged before the remove (`own`), or shown, in a read that only one add could
explain (`unit`).

Both are contracts of nodes that answer from what they have stored. A node that lost its
disk has forgotten all of it.
"""

from __future__ import annotations

from heapq import merge
from typing import TYPE_CHECKING

from ._bounds import May


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers._elements import Key
    from checkers.evidence import Evidence

    from ._bounds import Semantics
    from ._table import SetRead, Table, Update


_CANDIDATES = 8
"""Of so many adds it is asked which could explain an element that was shown."""


class Known:
    """What one node must know of one element.

    Attributes:
        adds: Adds that it must have and that no remove on it had to take away, by row;
            with the index of the event from which on it has.
        gone: Adds that removes on it must have taken away, and which did.
        proof: The last of these removes, by row; -1 without one.
    """

    __slots__ = ("adds", "gone", "proof")

    def __init__(self) -> None:
        self.adds: dict[int, int] = {}
        self.gone: dict[int, int] = {}
        self.proof = -1


class Sweep:
    """The walk.

    Attributes:
        gone: By element, the adds that some remove must have taken away, and which.
        may: What all removes together may have taken away.
    """

    def __init__(
        self,
        table: Table,
        semantics: Semantics,
        evidence: Evidence | None,
        *,
        on_lost: Callable[[SetRead, int], None],
        on_back: Callable[[SetRead, Key, int], None],
    ) -> None:
        """Prepare for one walk.

        Args:
            table: The operations.
            semantics: What kind of set it is.
            evidence: What the journal says.
            on_lost: Told of a read that lacks an element, and of the add.
            on_back: Told of a read that shows an element, and of the remove.
        """
        self.gone: dict[Key, dict[int, int]] = {}
        self.may = May(table.updates, semantics, evidence)
        self._table = table
        self._semantics = semantics
        self._evidence = evidence
        self._on_lost = on_lost
        self._on_back = on_back
        self._started: dict[Key, list[int]] = {}
        self._secure: dict[str, dict[Key, int]] = {place: {} for place in table.places}
        self._known: dict[str, dict[Key, Known]] = {place: {} for place in table.places}

    def run(self) -> None:
        """Walk through all events. Linear in the operations and what reads return."""
        table = self._table
        updates, reads = table.updates, table.reads
        rows = sorted(range(len(updates)), key=lambda row: updates[row].end)
        numbers = sorted(range(len(reads)), key=lambda number: reads[number].end)
        ended = (row for row in rows if updates[row].acknowledged)
        events = merge(
            ((update.index, 0, row) for row, update in enumerate(updates)),
            ((updates[row].end, 1, row) for row in ended),
            ((reads[number].end, 2, number) for number in numbers),
            ((at, 3, number) for number, (at, _) in enumerate(table.forgets)),
        )
        for _, what, number in events:
            if what == 0:
                self._begin(number, table.updates[number])
            elif what == 1:
                self._end(number, table.updates[number])
            elif what == 2:
                self._read(table.reads[number])
            else:
                place = table.forgets[number][1]
                self._secure[place] = {}
                self._known[place] = {}

    def _begin(self, row: int, update: Update) -> None:
        if not update.removes:
            self._started.setdefault(update.element, []).append(row)
            return
        self.may.remove(row)
        for secure in self._secure.values():
            add = secure.get(update.element)
            if add is not None and self.may.took(add):
                del secure[update.element]

    def _end(self, row: int, update: Update) -> None:
        known = self._of(update.place, update.element)
        if not update.removes:
            known.adds[row] = update.end
            if not self.may.took(row):
                self._secure[update.place][update.element] = row
        elif self._semantics != "last-writer-wins":
            observed = [
                add for add, since in known.adds.items() if since < update.index
            ]
            if observed:
                known.proof = row
                self._take_away(known, observed, update, row)

    def _take_away(
        self, known: Known, observed: list[int], update: Update, row: int
    ) -> None:
        gone = self.gone.setdefault(update.element, {})
        for add in observed:
            del known.adds[add]
            known.gone[add] = row
            gone.setdefault(add, row)

    def _read(self, read: SetRead) -> None:
        shown = frozenset(read.values)
        secure = self._secure[read.place]
        for element in secure if read.about is None else secure.keys() & {read.about}:
            add = secure[element]
            if self._table.updates[add].end < read.index and element not in shown:
                self._on_lost(read, add)
        if self._semantics == "last-writer-wins":
            return
        known_here = self._known[read.place]
        for element in shown:
            known = known_here.get(element)
            if (
                known is not None
                and known.proof >= 0
                and self._is_gone(element, known, read)
            ):
                self._on_back(read, element, known.proof)
            elif (
                read.about is None
            ):  # what else an answer says is the node's own affair
                self._learn(element, known, read)

    def _is_gone(self, element: Key, known: Known, read: SetRead) -> bool:
        """Whether every add of an element must have been taken away on the node."""
        proof = self._table.updates[known.proof]
        if proof.end > read.index:
            return False
        if self._semantics == "two-phase":
            return True
        started = self._started.get(element, ())
        open_ = len(started) - len(known.gone)
        return open_ == 0 or (
            open_ <= _CANDIDATES and not self._candidates(element, known, read)
        )

    def _learn(self, element: Key, known: Known | None, read: SetRead) -> None:
        """Take note of the add that an element shows, if there is only one."""
        started = self._started.get(element, ())
        gone = 0 if known is None else len(known.gone)
        if not 0 < len(started) - gone <= (_CANDIDATES if self._evidence else 1):
            return
        candidates = self._candidates(element, known, read)
        if len(candidates) == 1:
            if known is None:
                known = self._of(read.place, element)
            known.adds.setdefault(candidates[0], read.end)

    def _candidates(
        self, element: Key, known: Known | None, read: SetRead
    ) -> list[int]:
        """Return the adds that could explain that a read shows an element."""
        gone = known.gone if known is not None else ()
        rows = [row for row in self._started.get(element, ()) if row not in gone]
        if self._evidence is None:
            return rows
        updates = self._table.updates
        return [
            row
            for row in rows
            if self._evidence.could_show(updates[row].index, read.index) is not False
        ]

    def _of(self, place: str, element: Key) -> Known:
        of_place = self._known[place]
        known = of_place.get(element)
        if known is None:
            known = of_place[element] = Known()
        return known
