"""The operations of a set in columns, as its checks want them."""

from __future__ import annotations

from array import array
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from checkers._elements import key_of, text_of
from checkers._unfit import UnfitError
from checkers._verdict import Reason
from checkers._wording import cite, location


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from checkers._elements import Key
    from histories import History, Operation


NOTHING: Mapping[int, Any] = MappingProxyType({})


class SetRead(msgspec.Struct, frozen=True, gc=False):
    """A read that returned a list.

    Attributes:
        index: Index of its invocation.
        end: Index of its completion.
        start_time: Time of its invocation, in ns.
        end_time: Time of its completion, in ns.
        place: Its node; its process where the node was not recorded.
        process: Its process.
        final: Whether it is a final read.
        values: What it returned.
    """

    index: int
    end: int
    start_time: int
    end_time: int
    place: str
    process: int
    final: bool
    values: list[Any]


class Elements:
    """What is known of each element that somebody tried to add, by row.

    Adds that definitely failed are none; an element all of whose adds failed has no
    row. A row is never reused, and rows are in the order of first invocation.

    Attributes:
        row: The row of each element, by its key.
        start: Index of the first invocation of an add.
        acknowledged: Whether an add was acknowledged; 1 or 0.
        known_end: Index of the completion that first proved the element to be in the
            set, be it of an add or of a read; -1 without one.
        known_time: Time of the same, in ns.
        known_by: Index of the invocation of the same operation.
    """

    def __init__(self) -> None:
        self.row: dict[Key, int] = {}
        self.start = array("q")
        self.acknowledged = bytearray()
        self.known_end = array("q")
        self.known_time = array("q")
        self.known_by = array("q")

    def __len__(self) -> int:
        return len(self.start)

    def find_or_make(self, key: Key, start: int) -> int:
        """Return the row of an element, a new one if it has none."""
        row = self.row.get(key)
        if row is None:
            row = self.row[key] = len(self.start)
            self.start.append(start)
            self.acknowledged.append(0)
            self.known_end.append(-1)
            self.known_time.append(-1)
            self.known_by.append(-1)
        return row

    def texts(self, rows: Iterable[int]) -> list[str]:
        """Return elements as JSON text. Linear in all elements."""
        keys = list(self.row)
        return [text_of(keys[row]) for row in rows]

    def learn(self, row: int, *, end: int, time: int, by: int) -> None:
        """Take the first proof that an element is in the set."""
        assert self.known_end[row] < 0, "proofs are taken in the order of their ends"
        self.known_end[row] = end
        self.known_time[row] = time
        self.known_by[row] = by


class SetTable:
    """All that a set's history says.

    Attributes:
        elements: The elements.
        reads: Reads that returned a list, in the order of their invocations.
        key: Key of the element of each add that did not definitely fail, in the
            order of their invocations; the same order for the next three.
        add_start: Index of each invocation.
        add_end: Index of each acknowledgement, or from which on an indeterminate add
            counts as acknowledged; -1 without one.
        add_end_time: Time of the same, in ns.
        add_process: Process of each.
        failed: Index of the first definitely failed add, by the element's key.
        ill_typed: Indices of reads that returned no list.
        answered: Places with an ok final read, of whatever value.
        last_time: When the last acknowledgement came, in ns.
    """

    def __init__(self) -> None:
        self.elements = Elements()
        self.reads: list[SetRead] = []
        self.key: list[Key] = []
        self.add_start = array("q")
        self.add_end = array("q")
        self.add_end_time = array("q")
        self.add_process = array("q")
        self.failed: dict[Key, int] = {}
        self.ill_typed: list[int] = []
        self.answered: set[str] = set()
        self.last_time = 0

    def put_add(
        self, operation: Operation, counted: tuple[int, int] | None = None
    ) -> None:
        """Take one more add, in the order of invocations.

        Args:
            operation: The add.
            counted: Index and time of the event from which on it counts as
                acknowledged, though its client had given up.
        """
        key = key_of(operation.input)
        if operation.status == "fail":
            self.failed.setdefault(key, operation.index)
            return
        row = self.elements.find_or_make(key, operation.start)
        self.key.append(key)
        self.add_start.append(operation.start)
        self.add_process.append(operation.process)
        if operation.status == "ok" and operation.end is not None:
            time = operation.end_time or operation.start_time
            self.elements.acknowledged[row] = 1
            self.add_end.append(operation.end)
            self.add_end_time.append(time)
            self.last_time = max(self.last_time, time)
        elif counted is not None:
            self.add_end.append(counted[0])
            self.add_end_time.append(counted[1])
        else:
            self.add_end.append(-1)
            self.add_end_time.append(-1)

    def put_read(self, operation: Operation) -> None:
        """Take one more ok read, in the order of invocations."""
        assert operation.end is not None, "an ok read has completed"
        place = location(operation.node, operation.process)
        if operation.final:
            self.answered.add(place)
        if not isinstance(operation.output, list):
            self.ill_typed.append(operation.index)
            return
        self.reads.append(
            SetRead(
                index=operation.index,
                end=operation.end,
                start_time=operation.start_time,
                end_time=operation.end_time or operation.start_time,
                place=place,
                process=operation.process,
                final=operation.final,
                values=operation.output,
            )
        )


def tabulate(
    history: History,
    *,
    add: str,
    read: str,
    counted: Mapping[int, tuple[int, int]] = NOTHING,
) -> SetTable:
    """Return the history in columns. Linear; lists of reads are not copied.

    Args:
        history: The history.
        add: The function that adds.
        read: The function that reads.
        counted: Index and time of the event from which on indeterminate adds count as
            acknowledged.

    Raises:
        UnfitError: An operation is neither an add nor a read.
    """
    table = SetTable()
    for operation in history.operations():
        if operation.f == add:
            table.put_add(operation, counted.get(operation.index))
        elif operation.f != read:
            raise UnfitError(
                Reason.UNSUPPORTED,
                f"{cite(operation)} is neither {add!r} nor {read!r}, the operations "
                f"of this set.",
            )
        elif operation.status == "ok":
            table.put_read(operation)
    return table
