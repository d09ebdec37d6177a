"""Which write supersedes which, as the contexts say that clients gave.

The *history* of a write is itself and the histories of the writes that its context was
built from; a write supersedes all others in its history. No clock of a node is needed
for that: who drives the clients knows from which replies it took each context.

A context comes from replies, so that sources are invoked before it: whether one write
is in the history of another is asked between the two only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers._unfit import UnfitError
from checkers._verdict import Reason


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checkers._elements import Key
    from histories import History

    from ._table import Clock, Read, Table, Write


def trace(history: History, table: Table) -> None:
    """Find the sources of every write; mark those whose context is unexplained.

    A write whose value has `seen`, the indices of earlier completions, has the values
    that these reads returned, and these writes, as sources. Without it, they are those
    of the client's last reply whose clocks, taken together, are the context.
    """
    reads = {read.end: read for read in table.reads}
    writes = {
        write.end: row
        for row, write in enumerate(table.writes)
        if write.end is not None
    }
    replies = _Replies(table)
    for write in table.writes:
        if write.context is None:
            continue
        seen = history.operation(write.index).input.get("seen")
        if isinstance(seen, list):
            write.sources = _named(table, reads, writes, write, seen)
        elif write.context:
            found = replies.find(write)
            write.traced = found is not None
            write.sources = found or ()


def _named(
    table: Table,
    reads: dict[int, Read],
    writes: dict[int, int],
    write: Write,
    seen: list[int],
) -> tuple[int, ...]:
    rows: list[int] = []
    for index in seen:
        if index in reads:
            rows += reads[index].rows
        elif index in writes:
            rows.append(writes[index])
        else:
            raise UnfitError(
                Reason.MALFORMED,
                f"Write {write.index} says that its context comes from {index!r}, "
                "expected the index of the completion of an ok write or read: look at "
                "'seen' in its value.",
            )
    return tuple(
        row
        for row in dict.fromkeys(rows)
        if table.writes[row].key == write.key and table.writes[row].index < write.index
    )


class _Replies:
    """What each client was told of each register, by the clock it amounts to."""

    def __init__(self, table: Table) -> None:
        self._told: dict[
            tuple[int, Key, tuple[tuple[str, int], ...]], list[tuple[int, list[int]]]
        ] = {}
        for read in table.reads:
            clocks = [one.clock for one in read.values]
            known = [clock for clock in clocks if clock is not None]
            if len(known) == len(clocks):
                self._put(read.process, read.key, _joined(known), read.end, read.rows)
        for row, write in enumerate(table.writes):
            if write.clock is not None and write.end is not None:
                self._put(write.process, write.key, write.clock, write.end, [row])

    def _put(
        self, process: int, key: Key, clock: Clock, end: int, rows: list[int]
    ) -> None:
        self._told.setdefault((process, key, _frozen(clock)), []).append((end, rows))

    def find(self, write: Write) -> tuple[int, ...] | None:
        """Return the sources of a write; None if no reply explains its context."""
        assert write.context is not None, "else there is nothing to explain"
        told = self._told.get((write.process, write.key, _frozen(write.context)), ())
        before = [one for one in told if one[0] < write.start]
        return tuple(max(before, key=lambda one: one[0])[1]) if before else None


def _joined(clocks: Iterable[Clock]) -> Clock:
    joined: Clock = {}
    for clock in clocks:
        for actor, count in clock.items():
            joined[actor] = max(count, joined.get(actor, 0))
    return joined


def _frozen(clock: Clock) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(clock.items()))


class Histories:
    """Answers what is in the history of which writes.

    One whose context is unexplained may have seen everything invoked before it, and
    is taken to have, where that excuses; it supersedes nothing for certain.
    """

    def __init__(self, writes: Sequence[Write]) -> None:
        self._writes = writes
        self._newest = [max(write.sources, default=-1) for write in writes]

    def covers(self, rows: Iterable[int], row: int) -> bool:
        """Whether a write is, or may be, in the history of one of some writes."""
        return self._reaches(rows, row, excuse=True)

    def supersedes(self, later: int, earlier: int) -> bool:
        """Whether a write is for certain in the history of another one."""
        # All on the way from the one to the other was invoked in between.
        if later <= earlier or self._newest[later] < earlier:
            return False
        return self._reaches([later], earlier, excuse=False)

    def _reaches(self, rows: Iterable[int], target: int, *, excuse: bool) -> bool:
        writes = self._writes
        waiting = [row for row in rows if row >= target]
        visited = set(waiting)
        while waiting:
            row = waiting.pop()
            if row == target or (excuse and not writes[row].traced):
                return True
            for source in writes[row].sources:
                if source >= target and source not in visited:
                    visited.add(source)
                    waiting.append(source)
        return False

    def covered(self, rows: Iterable[int]) -> set[int]:
        """Return all writes that are, or may be, in the history of some of these."""
        writes = self._writes
        waiting = list(rows)
        visited = set(waiting)
        while waiting:
            row = waiting.pop()
            write = writes[row]
            sources: Iterable[int] = write.sources
            if not write.traced:
                sources = (
                    other for other in range(row) if writes[other].key == write.key
                )
            for source in sources:
                if source not in visited:
                    visited.add(source)
                    waiting.append(source)
        return visited
