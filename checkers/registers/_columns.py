"""Writes and reads of registers as columns: what a history of a million of them is.

The checks go through columns; a `Write` or a `Read` is made where a sentence or a rare
case needs one.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec


if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkers._elements import Key
    from histories import Operation


Clock = dict[str, int]
"""How far each actor has come; an actor that is missing stands at 0."""

CLOCKS = ("vc", "vclock")
"""Fields of a reply that hold a clock, in the protocols there are."""

NEVER = 2**62
"""The end of a write that was not acknowledged: it may take effect at any time."""

NO_FLAG = 2
"""The flag of a read that came without one."""


class Copy(NamedTuple):
    """A register on a node.

    Attributes:
        place: The node; the process where the node was not recorded.
        key: The register.
    """

    place: str
    key: Key


class Write(msgspec.Struct, frozen=True, gc=False):
    """A write that did not definitely fail.

    Attributes:
        index: Index of its invocation.
        end: Index of its acknowledgement; `NEVER` without one.
        key: The register.
        place: Its node; its process where the node was not recorded.
        process: Its process.
        value: What it wrote.
        context: The clock that it was given; None if the protocol has none.
        clock: The clock that it was answered with, if it was.
    """

    index: int
    end: int
    key: Key
    place: str
    process: int
    value: Any
    context: Clock | None
    clock: Clock | None


class Writes:
    """Writes that did not definitely fail, by invocation; a row is one of them.

    Attributes:
        index: Indices of the invocations.
        end: Indices of the acknowledgements; `NEVER` without one.
        copy: Where they went, by the number of the copy.
        process: Their processes.
        input: What they were invoked with, an object with the value.
        clock: The clocks that they were answered with, where they were.
        sources: The writes that their contexts were built from.
        untraced: Those of which these are unknown.
    """

    def __init__(self, copies: list[Copy]) -> None:
        self._copies = copies
        self.index = array("q")
        self.end = array("q")
        self.copy = array("i")
        self.process = array("q")
        self.input: list[dict[str, Any]] = []
        self.clock: list[Clock | None] = []
        self.sources: list[tuple[int, ...]] = []
        self.untraced: set[int] = set()

    def __len__(self) -> int:
        return len(self.index)

    def put(self, operation: Operation, copy: int) -> None:
        """Take one more write."""
        end, clock = NEVER, None
        if operation.status == "ok" and operation.end is not None:
            end = operation.end
            if isinstance(operation.output, dict):
                clock = first_clock(operation.output)
        self.index.append(operation.index)
        self.end.append(end)
        self.copy.append(copy)
        self.process.append(operation.process)
        self.input.append(operation.input)
        self.clock.append(clock)
        self.sources.append(())

    def acknowledged(self, row: int) -> bool:
        """Whether a write was acknowledged."""
        return self.end[row] != NEVER

    def key(self, row: int) -> Key:
        """Return the register of a write."""
        return self._copies[self.copy[row]].key

    def place(self, row: int) -> str:
        """Return the node of a write."""
        return self._copies[self.copy[row]].place

    def context(self, row: int) -> Clock | None:
        """Return the clock that a write was given; None if the protocol has none."""
        return clock_of(self.input[row].get("context"))

    def __getitem__(self, row: int) -> Write:
        return Write(
            index=self.index[row],
            end=self.end[row],
            key=self.key(row),
            place=self.place(row),
            process=self.process[row],
            value=self.input[row]["value"],
            context=self.context(row),
            clock=self.clock[row],
        )


class Read(msgspec.Struct, frozen=True, gc=False):
    """An ok read.

    Attributes:
        index: Index of its invocation.
        end: Index of its completion.
        key: The register.
        place: Its node; its process where the node was not recorded.
        values: What it returned.
        rows: The writes of these values, but for values that no write has.
    """

    index: int
    end: int
    key: Key
    place: str
    values: list[Any]
    rows: tuple[int, ...]


class Reads:
    """Ok reads that are well-formed, by invocation; each goes by its number.

    Attributes:
        index: Indices of the invocations.
        end: Indices of the completions.
        copy: What they read, by the number of the copy.
        process: Their processes.
        entries: What they returned: for each value an object with it.
        rows: The writes of these values, but for values that no write has.
        conflict: The flags beside them; `NO_FLAG` where there was none.
        final: The numbers of the final reads.
        strange: Of those that returned a value that no write has, the writes of all
            their values, None for such a value.
    """

    def __init__(self, copies: list[Copy]) -> None:
        self._copies = copies
        self.index = array("q")
        self.end = array("q")
        self.copy = array("i")
        self.process = array("q")
        self.entries: list[list[dict[str, Any]]] = []
        self.rows: list[tuple[int, ...]] = []
        self.conflict = bytearray()
        self.final = array("i")
        self.strange: dict[int, list[int | None]] = {}

    def __len__(self) -> int:
        return len(self.index)

    def put(self, operation: Operation, copy: int, rows: tuple[int, ...]) -> None:
        """Take one more read."""
        assert operation.end is not None, "an ok read has completed"
        conflict = operation.output.get("conflict")
        self.index.append(operation.index)
        self.end.append(operation.end)
        self.copy.append(copy)
        self.process.append(operation.process)
        self.entries.append(operation.output["values"])
        self.rows.append(rows)
        self.conflict.append(conflict if type(conflict) is bool else NO_FLAG)
        if operation.final:
            self.final.append(len(self) - 1)

    def found(self, number: int) -> Iterable[tuple[dict[str, Any], int | None]]:
        """Return what a read returned, with the writes of the values, if any has them."""
        rows = self.strange.get(number, self.rows[number])
        return zip(self.entries[number], rows, strict=True)

    def __getitem__(self, number: int) -> Read:
        copy = self._copies[self.copy[number]]
        return Read(
            index=self.index[number],
            end=self.end[number],
            key=copy.key,
            place=copy.place,
            values=[entry["value"] for entry in self.entries[number]],
            rows=self.rows[number],
        )


def by_end(ends: array[int]) -> array[int]:
    """Return the rows of a column of ends in the order of these."""
    return array("i", sorted(range(len(ends)), key=ends.__getitem__))


def clock_of(value: Any) -> Clock | None:
    """Return a clock as a plain vector without zeros; None if it is none."""
    if not isinstance(value, dict):
        return None
    for count in value.values():
        if type(count) is not int or count < 0:
            return None
    if 0 in value.values():
        return {actor: count for actor, count in value.items() if count}
    return value


def first_clock(answer: dict[str, Any]) -> Clock | None:
    """Return the clock in a reply, or beside a value, if there is one."""
    for name in CLOCKS:
        if name in answer:
            return clock_of(answer[name])
    return None


def joined(clocks: Iterable[Clock | None]) -> Clock | None:
    """Return the least clock above some clocks; None if one of them is unknown."""
    found: Clock = {}
    for clock in clocks:
        if clock is None:
            return None
        for actor, count in clock.items():
            if count > found.get(actor, 0):
                found[actor] = count
    return found
