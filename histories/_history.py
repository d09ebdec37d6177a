"""A history: what clients invoked and what came of it."""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING

from ._columns import INVOKE, NOTHING_RARE, OK, Columns
from ._operation import Operation
from ._operation_columns import operation_columns
from ._pairing import NO_COMPLETION, pair_operations


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import polars as pl

    from ._operation import Event, Status
    from ._operation_columns import OperationColumns


_BATCH = 50_000

_STATUSES: tuple[Status, ...] = ("info", "ok", "fail", "info")
"""Status of an operation, by the code of the type of its last event."""


class History:
    """Events in order of their indices, with invocations and completions paired.

    Immutable. Events are kept in columns and become objects only while they are
    iterated over, so that ten million of them fit in memory.

    Attributes:
        warnings: What was dropped on the way here, a sentence each.

    >>> from histories import Event, History
    >>> history = History.from_events(
    ...     [
    ...         Event(index=0, time=10, type="invoke", process=0, f="read"),
    ...         Event(index=1, time=25, type="ok", process=0, f="read", value=3),
    ...     ]
    ... )
    >>> [operation.output for operation in history.operations()]
    [3]
    """

    __slots__ = ("_columns", "_completions", "warnings")

    def __init__(self, columns: Columns, *, warnings: tuple[str, ...] = ()) -> None:
        """Take possession of columns; `from_events` is the public way.

        Raises:
            PairingError: The events cannot be one history.
        """
        columns.sort()
        self._columns = columns
        self._completions = pair_operations(columns)
        self.warnings = warnings

    @classmethod
    def from_events(cls, events: Iterable[Event], *, source: str = "") -> History:
        """Return the history that consists of these events, in whatever order.

        The source names them in errors.

        Raises:
            PairingError: The events cannot be one history.
        """
        columns = Columns(source)
        remaining = iter(events)
        while batch := list(islice(remaining, _BATCH)):
            columns.extend(batch)
        return cls(columns)

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self._columns)

    def events(self) -> Iterator[Event]:
        """Yield all events in order, those of the nemesis among them."""
        return map(self._columns.event, range(len(self)))

    def operations(self) -> Iterator[Operation]:
        """Yield the operations of clients in the order of their invocations."""
        columns = self._columns
        for position, (type_, process) in enumerate(
            zip(columns.type, columns.process, strict=True)
        ):
            if type_ == INVOKE and process >= 0:
                yield self._operation(position)

    def operation(self, index: int) -> Operation:
        """Return the operation whose invocation has this index. Logarithmic.

        Raises:
            KeyError: No client invoked an operation there.
        """
        columns = self._columns
        position = bisect_left(columns.index, index)
        if (
            position == len(columns)
            or columns.index[position] != index
            or columns.type[position] != INVOKE
            or columns.process[position] < 0
        ):
            raise KeyError(index)
        return self._operation(position)

    def place(self, index: int) -> str:
        """Return where the event of an index comes from: its file and line, if known.

        Empty if it comes from no file. Logarithmic.
        """
        line = self.line(index)
        source = self._columns.source
        return ", ".join(filter(None, [source, f"line {line}" if line else ""]))

    def line(self, index: int) -> int:
        """Return the line that the event of an index comes from; 0 if that is unknown.

        Logarithmic.
        """
        columns = self._columns
        position = bisect_left(columns.index, index)
        if position == len(columns) or columns.index[position] != index:
            return 0
        return columns.line[position] if position < len(columns.line) else 0

    def columns(self) -> OperationColumns:
        """Return the operations of clients as columns, for who reads millions."""
        return operation_columns(self._columns, self._completions)

    def nemesis(self) -> tuple[Event, ...]:
        """Return the events of every process that is no client, in order."""
        columns = self._columns
        return tuple(
            columns.event(position)
            for position, process in enumerate(columns.process)
            if process < 0
        )

    def digest(self) -> str:
        """Return a SHA-256 of the events: the same for equal histories only.

        Values are equal as JSON: 1, 1.0, true and "1" all differ.
        """
        import hashlib

        from ._jsonl import encode_events

        digest = hashlib.sha256()
        events = self.events()
        while batch := list(islice(events, _BATCH)):
            digest.update(encode_events(batch))
        return digest.hexdigest()

    def frame(self) -> pl.DataFrame:
        """Return the operations as a table, a row each, in the order of invocations.

        The columns are the fields of `Operation` without `start`, which is `index`.
        `status` is an enumeration. `input` and `output` are JSON text, because
        values of one history have many types; so is an `error` that is no string.
        To these comes `latency_ms`, null where there is no completion.
        """
        from ._frame import operations_frame

        return operations_frame(self)

    def _operation(self, start: int) -> Operation:
        columns = self._columns
        completion = self._completions[start]
        last = start if completion == NO_COMPLETION else completion
        invoked = columns.rare.get(start, NOTHING_RARE)
        completed = columns.rare.get(last, NOTHING_RARE)
        type_ = columns.type[last]
        status = _STATUSES[type_]
        return Operation(
            index=columns.index[start],
            process=columns.process[start],
            node=columns.node_at(start) or columns.node_at(last),
            f=columns.f_at(start),
            input=columns.value[start],
            output=columns.value[last] if type_ == OK else None,
            status=status,
            start=columns.index[start],
            end=columns.index[last] if status != "info" else None,
            start_time=columns.time[start],
            end_time=columns.time[last] if last != start else None,
            error=completed.error,
            final=invoked.final or completed.final,
        )
