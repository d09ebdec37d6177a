"""The recorder: events of a running test, on their way to disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Self

from ._jsonl import encode_events


if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from ._operation import Event


class Recorder:
    """Writes events as JSON lines, so that what was flushed survives a `kill -9`.

    Events collect in memory until `flush` hands them to the kernel in one write.
    A killed process loses only what it had not flushed, and leaves at most one
    incomplete line, the last, which reading drops. Nothing is forced to the disk
    before `close`: a power failure may cost more.

    Whoever drives a run flushes before anything leaves that depends on the events:
    then no operation can have had an effect without its invocation on record.

    One thread at a time.
    """

    def __init__(self, path: Path | str) -> None:
        """Create the file; an existing one is emptied."""
        self._pending: list[Event] = []
        self._descriptor = os.open(
            path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666
        )

    def record(self, event: Event) -> None:
        """Take an event. It is encoded by the next flush: do not alter its value."""
        self._pending.append(event)

    def flush(self) -> None:
        """Hand all events taken so far to the kernel."""
        if self._pending:
            lines = memoryview(encode_events(self._pending))
            self._pending.clear()
            while lines:  # A write is cut short only by a disk that is full.
                lines = lines[os.write(self._descriptor, lines) :]

    def close(self) -> None:
        """Flush, force to the disk, and close. A second call does nothing."""
        if self._descriptor < 0:
            return
        try:
            self.flush()
            os.fsync(self._descriptor)
        finally:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
