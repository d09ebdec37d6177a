"""The writes and reads of registers with siblings, as their checks want them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from checkers._disks import lost_disks
from checkers._elements import key_of
from checkers._unfit import UnfitError
from checkers._verdict import Reason
from checkers._wording import cite, location, shown


if TYPE_CHECKING:
    from checkers._elements import Key
    from histories import History, Operation


Clock = dict[str, int]
"""How far each actor has come; an actor that is missing stands at 0."""

CLOCKS = ("vc", "vclock")
"""Fields of a reply that hold a clock, in the protocols there are."""


class Write(msgspec.Struct, gc=False):
    """A write that did not definitely fail.

    Attributes:
        index: Index of its invocation.
        key: The register.
        value: What it wrote.
        place: Its node; its process where the node was not recorded.
        process: Its process.
        acknowledged: Whether it was.
        start: Index of its invocation.
        end: Index of its acknowledgement; None without one.
        context: The clock that it was given; None if the protocol has none.
        clock: The clock that it was answered with, if it was.
        sources: The writes that its context was built from, by row.
        traced: Whether these are known.
    """

    index: int
    key: Key
    value: Any
    place: str
    process: int
    acknowledged: bool
    start: int
    end: int | None
    context: Clock | None
    clock: Clock | None
    sources: tuple[int, ...] = ()
    traced: bool = True


class Shown(msgspec.Struct, frozen=True, gc=False):
    """A value that a read returned.

    Attributes:
        value: The value.
        clock: The clock beside it, if there was one.
        row: The write; None if no write that did not fail has this value.
    """

    value: Any
    clock: Clock | None
    row: int | None


class Read(msgspec.Struct, frozen=True, gc=False):
    """An ok read.

    Attributes:
        index: Index of its invocation.
        end: Index of its completion.
        key: The register.
        place: Its node; its process where the node was not recorded.
        process: Its process.
        final: Whether it is a final read.
        values: What it returned.
        conflict: The flag beside them, if there was one.
    """

    index: int
    end: int
    key: Key
    place: str
    process: int
    final: bool
    values: tuple[Shown, ...]
    conflict: bool | None

    @property
    def rows(self) -> list[int]:
        """The writes whose values were returned."""
        return [one.row for one in self.values if one.row is not None]


class Table:
    """All that the history of registers says.

    Attributes:
        writes: Writes that did not definitely fail, by invocation.
        reads: Ok reads that are well-formed, by invocation.
        row: The row of the write of a value, by register and value.
        failed: The definitely failed write of a value, by register and value.
        ill_typed: Reads that are not well-formed, and why.
        answered: Registers of which a place answered a final read.
        forgets: Places that lost what they had kept, with the index of the event.
    """

    def __init__(self) -> None:
        self.writes: list[Write] = []
        self.reads: list[Read] = []
        self.row: dict[tuple[Key, Key], int] = {}
        self.failed: dict[tuple[Key, Key], int] = {}
        self.ill_typed: list[tuple[int, str]] = []
        self.answered: dict[str, set[Key]] = {}
        self.forgets: list[tuple[int, str]] = []

    def put_write(self, operation: Operation) -> None:
        """Take one more write, in the order of invocations."""
        given = operation.input
        key, value = key_of(given["key"]), given["value"]
        named = key, key_of(value)
        if operation.status == "fail":
            self.failed.setdefault(named, operation.index)
            return
        if named in self.row:
            first = self.writes[self.row[named]].index
            raise UnfitError(
                Reason.UNSUPPORTED,
                f"{cite(operation)} writes {shown(value)} to {shown(given['key'])} as "
                f"operation {first} did: reads tell only writes of different values "
                "apart.",
            )
        acknowledged = operation.status == "ok" and operation.end is not None
        answer = operation.output if isinstance(operation.output, dict) else {}
        self.row[named] = len(self.writes)
        self.writes.append(
            Write(
                index=operation.index,
                key=key,
                value=value,
                place=location(operation.node, operation.process),
                process=operation.process,
                acknowledged=acknowledged,
                start=operation.start,
                end=operation.end if acknowledged else None,
                context=clock_of(given.get("context")),
                clock=_first_clock(answer) if acknowledged else None,
            )
        )

    def put_read(self, operation: Operation) -> None:
        """Take one more ok read, in the order of invocations."""
        assert operation.end is not None, "an ok read has completed"
        key = key_of(operation.input["key"])
        place = location(operation.node, operation.process)
        if operation.final:
            self.answered.setdefault(place, set()).add(key)
        values = _values(operation.output)
        if isinstance(values, str):
            self.ill_typed.append((operation.index, values))
            return
        conflict = operation.output.get("conflict")
        self.reads.append(
            Read(
                index=operation.index,
                end=operation.end,
                key=key,
                place=place,
                process=operation.process,
                final=operation.final,
                values=tuple(
                    Shown(value, clock, self.row.get((key, key_of(value))))
                    for value, clock in values
                ),
                conflict=conflict if type(conflict) is bool else None,
            )
        )


def tabulate(history: History) -> Table:
    """Return what a history of `write` and `read` says; `set-mode` is overlooked. Linear.

    Raises:
        UnfitError: An operation is neither, or names no register, or two writes of a
            register write the same value.
    """
    table = Table()
    # A read may return, before it ends, what is invoked only after the read is.
    reads: list[Operation] = []
    for operation in history.operations():
        if operation.f == "set-mode":
            continue
        given = operation.input
        if operation.f not in {"write", "read"}:
            raise UnfitError(
                Reason.UNSUPPORTED,
                f"{cite(operation)} is neither 'write' nor 'read', the operations of "
                "these registers.",
            )
        needed = {"key", "value"} if operation.f == "write" else {"key"}
        if not isinstance(given, dict) or not needed <= given.keys():
            raise UnfitError(
                Reason.UNSUPPORTED,
                f"{cite(operation)} has the value {shown(given)}, expected an object "
                f"with {' and '.join(sorted(needed))}.",
            )
        if operation.f == "write":
            table.put_write(operation)
        elif operation.status == "ok":
            reads.append(operation)
    for read in reads:
        table.put_read(read)
    table.forgets += lost_disks(history)
    return table


def clock_of(value: Any) -> Clock | None:
    """Return a clock as a plain vector without zeros; None if it is none."""
    if not isinstance(value, dict):
        return None
    if not all(type(count) is int and count >= 0 for count in value.values()):
        return None
    return {actor: count for actor, count in value.items() if count}


def _first_clock(answer: dict[str, Any]) -> Clock | None:
    for name in CLOCKS:
        if name in answer:
            return clock_of(answer[name])
    return None


def _values(output: Any) -> list[tuple[Any, Clock | None]] | str:
    """Return the values of a read and their clocks; or what is wrong with them."""
    if not isinstance(output, dict) or not isinstance(output.get("values"), list):
        return "has no list of values"
    found: list[tuple[Any, Clock | None]] = []
    for entry in output["values"]:
        if not isinstance(entry, dict) or "value" not in entry:
            return f"has {shown(entry)} among its values, which is no object with one"
        found.append((entry["value"], _first_clock(entry)))
    return found
