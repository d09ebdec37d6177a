"""Which write supersedes which, as the contexts say that clients gave.

The *history* of a write is itself and the histories of the writes that its context was
built from; a write supersedes all others in its history. No clock of a node is needed
for that: who drives the clients knows from which replies it took each context.

A context comes from replies, so that sources are invoked before it: whether one write
is in the history of another is asked between the two only.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from heapq import merge
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from checkers._unfit import UnfitError
from checkers._verdict import Reason

from ._columns import by_end, first_clock, joined
from ._table import ACKNOWLEDGED, RETURNED


if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from checkers._elements import Key

    from ._columns import Clock, Writes
    from ._table import Table


NOTHING: Mapping[int | None, int] = MappingProxyType({})


def trace(table: Table, gone: Mapping[int | None, int] = NOTHING) -> None:
    """Find the sources of every write; mark those whose context is unexplained.

    A write whose value has `seen`, the indices of earlier completions, has the values
    that these reads returned, and these writes, as sources. Without it, they are those
    of the client's last reply whose clocks, taken together, are the context. What a
    context means that is no plain vector only the node knows.

    Args:
        table: The history.
        gone: Completions of acknowledged writes that count as indeterminate, with the
            indices of these writes.
    """
    writes = table.writes
    named, unnamed = array("i"), array("i")
    for row, given in enumerate(writes.input):
        if "context" not in given:
            continue
        if isinstance(given.get("seen"), list):
            named.append(row)
        elif writes.context(row):
            unnamed.append(row)
        elif given["context"]:
            writes.untraced.add(row)
    if named:
        _take_named(table, named, gone)
    if unnamed:
        _take_replies(table, unnamed)


def _take_named(
    table: Table, rows: Iterable[int], gone: Mapping[int | None, int]
) -> None:
    """Let writes have the sources that they name."""
    writes = table.writes
    keys = [table.copies[copy].key for copy in writes.copy]
    reads, acknowledgements = _Ends(table.reads.end), _Ends(writes.end)
    for row in rows:
        found: list[int] = []
        for index in writes.input[row]["seen"]:
            if (number := reads.find(index)) is not None:
                found += table.reads.rows[number]
            elif (source := acknowledgements.find(index)) is not None:
                found.append(source)
            elif index in gone:
                found.append(bisect_left(writes.index, gone[index]))
            else:
                raise UnfitError(
                    Reason.MALFORMED,
                    f"Write {writes.index[row]} says that its context comes from "
                    f"{index!r}, expected the index of the completion of an ok write or "
                    "read: look at 'seen' in its value.",
                )
        sources = [
            source
            for source in dict.fromkeys(found)
            if source < row and keys[source] == keys[row]
        ]
        writes.sources[row] = table.kept(keys[row], tuple(sources))


class _Ends:
    """Finds operations by the indices of their completions."""

    def __init__(self, ends: array[int]) -> None:
        self._order = by_end(ends)
        self._ends = array("q", map(ends.__getitem__, self._order))

    def find(self, index: Any) -> int | None:
        if not isinstance(index, int | float):
            return None
        at = bisect_left(self._ends, index)
        if at == len(self._ends) or self._ends[at] != index:
            return None
        return self._order[at]


def _take_replies(table: Table, rows: array[int]) -> None:
    """Let writes have what their clients had last been told with the clock they gave.

    Of all that clients were told only what some context asks for is kept, and of that
    the last.
    """
    writes, reads = table.writes, table.reads

    def name(row: int, clock: Clock) -> tuple[int, Key, bytes]:
        return writes.process[row], writes.key(row), _frozen(clock)

    told: dict[tuple[int, Key, bytes], tuple[int, ...] | None] = {}
    for row in rows:
        told[name(row, writes.context(row) or {})] = None
    begins = ((writes.index[row], _BEGUN, row) for row in rows)
    for _, what, number in merge(table.moments(), begins):
        if what == _BEGUN:
            found = told[name(number, writes.context(number) or {})]
            if found is None:
                writes.untraced.add(number)
            else:
                writes.sources[number] = found
        elif what == ACKNOWLEDGED:
            clock = writes.clock[number]
            if clock is not None and (reply := name(number, clock)) in told:
                told[reply] = (number,)
        elif what == RETURNED:
            clock = joined(map(first_clock, reads.entries[number]))
            if clock is None:
                continue
            key = table.copies[reads.copy[number]].key
            reply = reads.process[number], key, _frozen(clock)
            if reply in told:
                told[reply] = reads.rows[number]


_BEGUN = -1
"""What happens when a write is invoked."""


def _frozen(clock: Clock) -> bytes:
    return msgspec.json.encode(clock, order="deterministic")


class Histories:
    """Answers what is in the history of which writes.

    One whose context is unexplained may have seen everything invoked before it, and
    is taken to have, where that excuses; it supersedes nothing for certain.

    Attributes:
        sources: The writes that the context of each was built from.
    """

    def __init__(self, writes: Writes) -> None:
        self.sources = writes.sources
        self._writes = writes
        self._newest = array("i", [max(rows, default=-1) for rows in writes.sources])

    def unrelated(self, rows: Collection[int]) -> bool:
        """Whether it is plain that none of some writes, at least one, supersedes another.

        All that any of them has seen is older than all of them.
        """
        return max(map(self._newest.__getitem__, rows)) < min(rows)

    def covers(self, rows: Iterable[int], row: int) -> bool:
        """Whether a write is, or may be, in the history of one of some writes."""
        return self._reaches(rows, row, excuse=True)

    def supersedes(self, later: int, earlier: int) -> bool:
        """Whether a write is for certain in the history of another one."""
        # All on the way from the one to the other was invoked in between.
        if later <= earlier or self._newest[later] < earlier:
            return False
        if earlier in self.sources[later]:
            return True
        return self._reaches([later], earlier, excuse=False)

    def _reaches(self, rows: Iterable[int], target: int, *, excuse: bool) -> bool:
        sources = self.sources
        untraced = self._writes.untraced if excuse else ()
        waiting = [row for row in rows if row >= target]
        visited = set(waiting)
        while waiting:
            row = waiting.pop()
            if row == target or row in untraced or target in sources[row]:
                return True
            for source in sources[row]:
                if source > target and source not in visited:
                    visited.add(source)
                    waiting.append(source)
        return False

    def covered(self, rows: Iterable[int]) -> set[int]:
        """Return all writes that are, or may be, in the history of some of these.

        They are writes of one register.
        """
        writes = self._writes
        waiting = list(rows)
        visited = set(waiting)
        below = 0
        while waiting:
            row = waiting.pop()
            sources: Iterable[int] = self.sources[row]
            if row in writes.untraced:
                key = writes.key(row)
                sources = [
                    other for other in range(below, row) if writes.key(other) == key
                ]
                below = max(below, row)
            for source in sources:
                if source not in visited:
                    visited.add(source)
                    waiting.append(source)
        return visited

    def first_above(self, row: int, rows: Sequence[int]) -> int | None:
        """Return the first acknowledged of some writes that supersedes one for certain.

        Args:
            row: The one.
            rows: All writes of its register, by invocation.
        """
        writes = self._writes
        above = {row}
        for later in rows[bisect_right(rows, row) :]:
            if not above.isdisjoint(self.sources[later]):
                if writes.acknowledged(later):
                    return later
                above.add(later)
        return None
