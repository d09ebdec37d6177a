"""The clocks that nodes hand out, audited apart from the values.

A clock is a plain vector: for each actor the number of its last write that is covered.
The *dot* of a write is its own entry, that of its actor: the one that is above the
context; without contexts, that of the node that took the write. A node that lost its
disk counts under a new name from then on: `n1.3`, if it was started a third time again.
Where all siblings of a read have the same clock, in every read, it is the context of the
read, and the clocks of writes are those that they were answered with.

    below context      the clock of a write is not above the context that it was given
    unstable           one value comes with different clocks
    dot reuse          two writes have one dot
    misses a cause     the clock of a write lacks a write that it replaces
    false cause        it covers a write that it does not replace
    impossible cause   it covers a write that its node could not know of

What the clock of a write has to cover is the vector of its history: the highest dot of
each actor among the writes in it. That takes the time of one merge for each source.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING

from checkers._elements import text_of
from checkers._findings import Witness
from checkers._wording import cite, shown

from ._columns import first_clock, joined


if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkers._elements import Key
    from checkers._findings import Findings
    from checkers.evidence import Evidence
    from histories import History

    from ._columns import Clock, Read, Write
    from ._table import Table


def _actor(write: Write, clock: Clock) -> str | None:
    """Return under whose name a write was counted; None if that cannot be told."""
    if write.context is None:
        lives = {
            life: actor
            for actor in clock
            if (life := _life(write.place, actor)) is not None
        }
        return lives[max(lives)] if lives else None
    above = [actor for actor, n in clock.items() if n > write.context.get(actor, 0)]
    if len(above) == 1:
        return above[0]
    client = f"c{write.process}"
    return client if client in clock else None


def _life(place: str, actor: str) -> int | None:
    """Return in which life a node counted under a name; None if the name is not its."""
    if actor == place:
        return 0
    number = actor.removeprefix(f"{place}.")
    return int(number) if number != actor and number.isdecimal() else None


class ClockRules:
    """Checks the clocks of writes and of the values that reads returned."""

    def __init__(
        self,
        history: History,
        table: Table,
        findings: Findings,
        evidence: Evidence | None,
    ) -> None:
        self._history = history
        self._table = table
        self._findings = findings
        self._evidence = evidence
        self._clocks = list(table.writes.clock)
        self._actors: list[str | None] = [None] * len(table.writes)
        self._owners: defaultdict[tuple[Key, str], dict[int, int]] = defaultdict(dict)

    def report(self, *, contexts: bool) -> None:
        """Report clocks that cannot be right.

        Args:
            contexts: Whether what a write replaces follows from its context, so that
                its clock can be compared with that.
        """
        told = [
            row
            for row, clock in enumerate(self._table.writes.clock)
            if clock is not None
        ]
        self._identify(chain(told, self._collect()))
        for row in told:
            self._above_context(row)
            if self._evidence is not None:
                self._possible(row, self._evidence)
        if contexts and self._owners:
            self._causes()

    def _collect(self) -> list[int]:
        """Take the clocks of writes without a reply from the first who saw them."""
        found: list[int] = []
        if self._are_contexts():
            return found
        for number, entries in enumerate(self._table.reads.entries):
            if max(map(len, entries), default=0) < 2:
                continue  # There are values alone.
            for entry, row in self._table.reads.found(number):
                clock = first_clock(entry)
                if clock is None or row is None:
                    continue
                if self._clocks[row] is None:
                    self._clocks[row] = clock
                    found.append(row)
                elif self._clocks[row] != clock:
                    read = self._table.reads[number]
                    self._findings.add_once(
                        "unstable-clock",
                        (row,),
                        self._explain_unstable,
                        read,
                        row,
                        clock,
                    )
        return found

    def _are_contexts(self) -> bool:
        """Whether the clock beside a value is that of the whole read.

        Some registers have one context for all siblings, which says of none what it
        covers. Siblings that have clocks of their own never have the same.
        """
        alike = False
        for entries in self._table.reads.entries:
            if len(entries) > 1:
                first, *others = map(first_clock, entries)
                if first is None or any(clock != first for clock in others):
                    return False
                alike = True
        return alike

    def _identify(self, rows: Iterable[int]) -> None:
        for row in rows:
            clock = self._clocks[row]
            assert clock is not None, "asked for writes that have one"
            write = self._table.writes[row]
            actor = _actor(write, clock)
            if actor is None:
                continue
            self._actors[row] = actor
            owners = self._owners[write.key, actor]
            other = owners.setdefault(clock[actor], row)
            if other != row:
                self._findings.add("dot-reuse", self._explain_reuse, other, row, actor)

    def _owner(self, key: Key, actor: str, count: int) -> int | None:
        """Return the write that a dot belongs to."""
        owners = self._owners.get((key, actor))
        return None if owners is None else owners.get(count)

    def _above_context(self, row: int) -> None:
        context, clock = self._table.writes.context(row), self._clocks[row]
        assert clock is not None, "asked for writes that have one"
        if context is None:
            return
        below = any(clock.get(actor, 0) < count for actor, count in context.items())
        if below or clock == context:
            self._findings.add("clock-below-context", self._explain_below, row)

    def _possible(self, row: int, evidence: Evidence) -> None:
        writes, clock = self._table.writes, self._clocks[row]
        assert clock is not None, "asked for writes that have one"
        for actor, count in clock.items():
            cause = self._owner(writes.key(row), actor, count)
            if cause is None or cause == row:
                continue
            if evidence.could_show(writes.index[cause], writes.index[row]) is False:
                self._findings.add_once(
                    "impossible-cause", (row,), self._explain_cause, row, cause
                )

    def _causes(self) -> None:
        """Compare each clock with what the write replaces, as its context says."""
        writes = self._table.writes
        # Of what a reply showed before it was written nothing is known to be replaced.
        replaced: list[Clock | None] = [{}] * len(writes)
        for row, sources in enumerate(writes.sources):
            clock, own = self._clocks[row], self._actors[row]
            vector = joined(map(replaced.__getitem__, sources))
            if vector is None or clock is None or own is None or row in writes.untraced:
                replaced[row] = None
                continue
            self._compare(row, clock, own, vector)
            vector[own] = max(clock[own], vector.get(own, 0))
            # What is right is kept once; the order is that in which causes are told.
            is_right = [*vector.items()] == [*clock.items()]
            replaced[row] = clock if is_right else vector

    def _compare(self, row: int, clock: Clock, own: str, vector: Clock) -> None:
        key = self._table.writes.key(row)
        for actor, count in vector.items():
            if clock.get(actor, 0) < count:
                cause = self._owner(key, actor, count)
                if cause is not None:
                    self._findings.add_once(
                        "clock-misses-cause", (row,), self._explain_missed, row, cause
                    )
        for actor, count in clock.items():
            covered = count - 1 if actor == own else count
            if covered > vector.get(actor, 0):
                cause = self._owner(key, actor, covered)
                if cause is not None:
                    self._findings.add_once(
                        "false-cause", (row,), self._explain_false, row, cause
                    )

    # How it is told.

    def _explain_unstable(self, read: Read, row: int, clock: Clock) -> Witness:
        write = self._table.writes[row]
        return Witness(
            sentence=f"{cite(self._history.operation(read.index))} returned "
            f"{shown(write.value)} with the clock {shown(clock)}; it had "
            f"{shown(self._clocks[row])} before.",
            operations=(write.index, read.index),
            data={"key": text_of(write.key), "value": shown(write.value)},
        )

    def _explain_reuse(self, first: int, second: int, actor: str) -> Witness:
        one, other = self._table.writes[first], self._table.writes[second]
        clock = self._clocks[second]
        assert clock is not None, "it has a dot"
        count = clock[actor]
        return Witness(
            sentence=f"{cite(self._history.operation(one.index))} of "
            f"{shown(one.value)} and {cite(self._history.operation(other.index))} of "
            f"{shown(other.value)} have the same dot, {actor}: {count}. Who "
            "merges them takes one for the other.",
            operations=(one.index, other.index),
            data={"key": text_of(one.key), "actor": actor, "count": count},
        )

    def _explain_below(self, row: int) -> Witness:
        write = self._table.writes[row]
        return Witness(
            sentence=f"{cite(self._history.operation(write.index))} was given the context "
            f"{shown(write.context)} and answered with the clock {shown(write.clock)}, "
            "which is not above it: others will not know that it replaces what its "
            "client had seen.",
            operations=(write.index,),
            data={"context": write.context, "clock": write.clock},
        )

    def _explain_cause(self, row: int, cause: int) -> Witness:
        return self._explain_pair(
            row,
            cause,
            "covers {cause}, of which no message could have told its node.",
        )

    def _explain_missed(self, row: int, cause: int) -> Witness:
        return self._explain_pair(
            row,
            cause,
            "lacks {cause}, which its client had seen and which it replaces.",
        )

    def _explain_false(self, row: int, cause: int) -> Witness:
        return self._explain_pair(
            row, cause, "covers {cause}, which its client had not seen: that is lost."
        )

    def _explain_pair(self, row: int, cause: int, sentence: str) -> Witness:
        write, other = self._table.writes[row], self._table.writes[cause]
        named = f"{cite(self._history.operation(other.index))} of {shown(other.value)}"
        return Witness(
            sentence=f"The clock {shown(self._clocks[row])} of "
            f"{cite(self._history.operation(write.index))} {sentence.format(cause=named)}",
            operations=(other.index, write.index),
            data={
                "key": text_of(write.key),
                "value": shown(write.value),
                "cause": shown(other.value),
                "clock": self._clocks[row],
            },
        )
