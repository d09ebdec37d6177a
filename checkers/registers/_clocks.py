"""The clocks that nodes hand out, audited apart from the values.

A clock is a plain vector: for each actor the number of its last write that is covered.
The *dot* of a write is its own entry, that of its actor: the one that is above the
context; without contexts, that of the node that took the write. A node that lost its
disk counts under a new name from then on: `n1.3`, if it was started a third time again.

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

from typing import TYPE_CHECKING, NamedTuple

from checkers._elements import text_of
from checkers._findings import Witness
from checkers._wording import cite, shown


if TYPE_CHECKING:
    from checkers._elements import Key
    from checkers._findings import Findings
    from checkers.evidence import Evidence
    from histories import History

    from ._table import Clock, Read, Table, Write


class Dot(NamedTuple):
    """The identity of a write, as its clock says."""

    actor: str
    number: int


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
        self._clocks: dict[int, Clock] = {}
        self._dots: dict[int, Dot] = {}
        self._owner: dict[tuple[Key, Dot], int] = {}

    def report(self, *, contexts: bool) -> None:
        """Report clocks that cannot be right.

        Args:
            contexts: Whether what a write replaces follows from its context, so that
                its clock can be compared with that.
        """
        self._collect()
        self._identify()
        for row, clock in self._clocks.items():
            write = self._table.writes[row]
            if write.context is not None and write.clock is not None:
                self._above_context(row, write, write.clock)
            if self._evidence is not None and write.clock is not None:
                self._possible(row, write, clock)
        if contexts:
            self._causes()

    def _collect(self) -> None:
        """Take the clock of each write from its reply, or from the first who saw it."""
        for row, write in enumerate(self._table.writes):
            if write.clock is not None:
                self._clocks[row] = write.clock
        for read in self._table.reads:
            for one in read.values:
                if one.row is None or one.clock is None:
                    continue
                known = self._clocks.setdefault(one.row, one.clock)
                if known != one.clock:
                    self._findings.add(
                        "unstable-clock",
                        self._explain_unstable,
                        read,
                        one.row,
                        one.clock,
                    )

    def _identify(self) -> None:
        for row, clock in self._clocks.items():
            write = self._table.writes[row]
            actor = _actor(write, clock)
            if actor is None:
                continue
            dot = self._dots[row] = Dot(actor, clock[actor])
            other = self._owner.setdefault((write.key, dot), row)
            if other != row:
                self._findings.add("dot-reuse", self._explain_reuse, other, row, dot)

    def _above_context(self, row: int, write: Write, clock: Clock) -> None:
        assert write.context is not None, "asked for writes that have one"
        below = [
            actor
            for actor, count in write.context.items()
            if clock.get(actor, 0) < count
        ]
        if below or clock == write.context:
            self._findings.add("clock-below-context", self._explain_below, row)

    def _possible(self, row: int, write: Write, clock: Clock) -> None:
        assert self._evidence is not None, "asked with evidence only"
        for actor, count in clock.items():
            cause = self._owner.get((write.key, Dot(actor, count)))
            if cause is None or cause == row:
                continue
            earlier = self._table.writes[cause]
            if self._evidence.could_show(earlier.index, write.index) is False:
                self._findings.add("impossible-cause", self._explain_cause, row, cause)

    def _causes(self) -> None:
        """Compare each clock with what the write replaces, as its context says."""
        replaced: dict[int, Clock] = {}
        unknown: set[int] = set()
        for row, write in enumerate(self._table.writes):
            vector: Clock = {}
            for source in write.sources:
                if source in unknown:
                    unknown.add(row)
                for actor, count in replaced.get(source, {}).items():
                    vector[actor] = max(count, vector.get(actor, 0))
            if not write.traced or row not in self._dots:
                unknown.add(row)
            if row in unknown:
                continue
            self._compare(row, write, vector)
            own = self._dots[row]
            vector[own.actor] = max(own.number, vector.get(own.actor, 0))
            replaced[row] = vector

    def _compare(self, row: int, write: Write, vector: Clock) -> None:
        clock = self._clocks[row]
        own = self._dots[row].actor
        for actor, count in vector.items():
            if clock.get(actor, 0) < count:
                cause = self._owner.get((write.key, Dot(actor, count)))
                if cause is not None:
                    self._findings.add(
                        "clock-misses-cause", self._explain_missed, row, cause
                    )
        for actor, count in clock.items():
            covered = count - 1 if actor == own else count
            if covered > vector.get(actor, 0):
                cause = self._owner.get((write.key, Dot(actor, covered)))
                if cause is not None:
                    self._findings.add("false-cause", self._explain_false, row, cause)

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

    def _explain_reuse(self, first: int, second: int, dot: Dot) -> Witness:
        one, other = self._table.writes[first], self._table.writes[second]
        return Witness(
            sentence=f"{cite(self._history.operation(one.index))} of "
            f"{shown(one.value)} and {cite(self._history.operation(other.index))} of "
            f"{shown(other.value)} have the same dot, {dot.actor}: {dot.number}. Who "
            "merges them takes one for the other.",
            operations=(one.index, other.index),
            data={"key": text_of(one.key), "actor": dot.actor, "count": dot.number},
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
