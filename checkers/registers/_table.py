"""The writes and reads of registers with siblings, as their checks want them."""

from __future__ import annotations

from collections import defaultdict
from heapq import merge
from typing import TYPE_CHECKING, Any

from checkers._disks import lost_disks
from checkers._elements import key_of, keys_of
from checkers._progress import Progress
from checkers._unfit import UnfitError
from checkers._verdict import Reason
from checkers._wording import cite, location, shown

from ._columns import NEVER, Copy, Reads, Writes, by_end


if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkers._elements import Key
    from histories import History, Operation


ACKNOWLEDGED, RETURNED, ASKED, FORGOT = range(4)
"""What happens at a moment: a write or a read ends, a read begins, a disk is lost."""


class Table:
    """All that the history of registers says.

    Attributes:
        copies: The registers of nodes, by their numbers.
        writes: Writes that did not definitely fail, by invocation.
        reads: Ok reads that are well-formed, by invocation.
        failed: The definitely failed write of a value, by register and value.
        ill_typed: Reads that are not well-formed, and why.
        answered: Registers of which a place answered a final read.
        forgets: Places that lost what they had kept, with the index of the event.
        progress: How soon all nodes showed what one had acknowledged.
    """

    def __init__(self) -> None:
        self.copies: list[Copy] = []
        self.writes = Writes(self.copies)
        self.reads = Reads(self.copies)
        self.failed: dict[tuple[Key, Key], int] = {}
        self.ill_typed: list[tuple[int, str]] = []
        self.answered: dict[str, set[Key]] = {}
        self.forgets: list[tuple[int, str]] = []
        self.progress = Progress()
        self._row: defaultdict[Key, dict[Key, int]] = defaultdict(dict)
        self._numbers: dict[tuple[str, Key], int] = {}
        self._kept: dict[Key, tuple[int, ...]] = {}

    def put_write(self, operation: Operation) -> None:
        """Take one more write, in the order of invocations."""
        given = operation.input
        key, value = key_of(given["key"]), key_of(given["value"])
        if operation.status == "fail":
            self.failed.setdefault((key, value), operation.index)
            return
        rows = self._row[key]
        if value in rows:
            raise UnfitError(
                Reason.UNSUPPORTED,
                f"{cite(operation)} writes {shown(given['value'])} to "
                f"{shown(given['key'])} as operation {self.writes.index[rows[value]]} "
                "did: reads tell only writes of different values apart.",
            )
        acknowledged = operation.end_time if operation.status == "ok" else None
        self.progress.update(acknowledged, len(self.writes))
        rows[value] = len(self.writes)
        self.writes.put(operation, self._copy(operation, key))

    def put_read(self, operation: Operation) -> None:
        """Take one more ok read, in the order of invocations."""
        key = key_of(operation.input["key"])
        copy = self._copy(operation, key)
        if operation.final:
            self.answered.setdefault(self.copies[copy].place, set()).add(key)
        values = _values(operation.output)
        if isinstance(values, str):
            self.ill_typed.append((operation.index, values))
            return
        rows = self._rows(key, values)
        if None in rows:
            self.reads.strange[len(self.reads)] = rows
        known = self.kept(key, _known(rows))
        self.reads.put(operation, copy, known)
        assert operation.end_time is not None, "it has completed"
        place = self.copies[copy].place
        self.progress.read(
            place, operation.end_time, frozenset(known), known, subject=key
        )

    def settle(self) -> None:
        """Find writes that were invoked only after a read was that returned them.

        After that values are looked up no more.
        """
        reads = self.reads
        for number, entries in [(n, reads.entries[n]) for n in reads.strange]:
            key = self.copies[reads.copy[number]].key
            rows = self._rows(key, [entry["value"] for entry in entries])
            reads.rows[number] = _known(rows)
            if None in rows:
                reads.strange[number] = rows
            else:
                del reads.strange[number]
        self._row.clear()

    def kept(self, key: Key, rows: tuple[int, ...]) -> tuple[int, ...]:
        """Return the rows; the very same if this register had such ones the last time.

        Nodes that agree show the same over and over, which is to be kept once.
        """
        known = self._kept.get(key)
        if rows == known:
            return known
        self._kept[key] = rows
        return rows

    def moments(self) -> Iterator[tuple[int, int, int]]:
        """Yield what happens, in order: the index of the event, what it is, and of whom.

        That is the row of a write, the number of a read, or where in `forgets` it is.
        """
        written, read = self.writes.end, self.reads.end
        rows = (row for row in by_end(written) if written[row] != NEVER)
        return merge(
            ((written[row], ACKNOWLEDGED, row) for row in rows),
            ((read[number], RETURNED, number) for number in by_end(read)),
            ((index, ASKED, number) for number, index in enumerate(self.reads.index)),
            ((index, FORGOT, at) for at, (index, _) in enumerate(self.forgets)),
        )

    def _copy(self, operation: Operation, key: Key) -> int:
        place = location(operation.node, operation.process)
        number = self._numbers.get((place, key))
        if number is None:
            number = self._numbers[place, key] = len(self.copies)
            self.copies.append(Copy(place, key))
        return number

    def _rows(self, key: Key, values: list[Any]) -> list[int | None]:
        """Return the writes of values to a register, None where there is none."""
        return list(map(self._row[key].get, keys_of(values)))


_NEEDED = {"write": {"key", "value"}, "read": {"key"}}
"""What the objects have that operations are invoked with."""


def mark_of(operation: Operation) -> tuple[Key, Key] | None:
    """Return the register and the value of a write; None of anything else."""
    given = operation.input
    if operation.f != "write" or not isinstance(given, dict):
        return None
    if not _NEEDED["write"] <= given.keys():
        return None
    return key_of(given["key"]), key_of(given["value"])


def marks_of(operation: Operation) -> Iterator[tuple[Key, Key]]:
    """Yield the register and the values that a read shows."""
    given = operation.input
    values = _values(operation.output) if operation.f == "read" else ""
    if isinstance(values, list) and isinstance(given, dict) and "key" in given:
        for value in values:
            yield key_of(given["key"]), key_of(value)


def tabulate(history: History) -> Table:
    """Return what a history of `write` and `read` says; `set-mode` is overlooked. Linear.

    Raises:
        UnfitError: An operation is neither, or names no register, or two writes of a
            register write the same value.
    """
    table = Table()
    for operation in history.operations():
        if operation.f == "set-mode":
            continue
        if operation.f not in _NEEDED:
            raise UnfitError(
                Reason.UNSUPPORTED,
                f"{cite(operation)} is neither 'write' nor 'read', the operations of "
                "these registers.",
            )
        given = operation.input
        needed = _NEEDED[operation.f]
        if not isinstance(given, dict) or not needed <= given.keys():
            raise UnfitError(
                Reason.UNSUPPORTED,
                f"{cite(operation)} has the value {shown(given)}, expected an object "
                f"with {' and '.join(sorted(needed))}.",
            )
        if operation.f == "write":
            table.put_write(operation)
        elif operation.status == "ok":
            table.put_read(operation)
    table.settle()
    table.forgets += lost_disks(history)
    return table


def _values(output: Any) -> list[Any] | str:
    """Return the values of a read; or what is wrong with them."""
    if not isinstance(output, dict) or not isinstance(output.get("values"), list):
        return "has no list of values"
    for entry in output["values"]:
        if not isinstance(entry, dict) or "value" not in entry:
            return f"has {shown(entry)} among its values, which is no object with one"
    return [entry["value"] for entry in output["values"]]


def _known(rows: list[int | None]) -> tuple[int, ...]:
    return tuple([row for row in rows if row is not None])
