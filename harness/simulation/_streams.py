"""Standard output and standard error of a program that runs inside the harness.

Both are what a process has: text over a buffer, so that what a program prints and
does not flush comes late here too, or never if the node is killed.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

from harness.transports._node_log import LOG_LIMIT


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from _typeshed import ReadableBuffer


class _Pipe(io.RawIOBase):
    """Keeps what is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        written = bytes(data)
        self.data += written
        return len(written)


class _Log(io.RawIOBase):
    """Appends to a file, which begins anew when it has grown too long."""

    def __init__(self, path: Path, on_overflow: Callable[[], None]) -> None:
        super().__init__()
        self._descriptor = os.open(
            path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666
        )
        self._on_overflow = on_overflow
        self._size = os.fstat(self._descriptor).st_size

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        written = os.write(self._descriptor, data)
        self._size += written
        if self._size > LOG_LIMIT:
            os.ftruncate(self._descriptor, 0)
            self._size = 0
            self._on_overflow()
        return written

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()


class Streams:
    """What a program of one node has for `sys.stdout` and `sys.stderr`.

    Attributes:
        stdout: For messages and whatever else it prints.
        stderr: The log of the node.
    """

    def __init__(self, log: Path, on_overflow: Callable[[], None]) -> None:
        self._pipe = _Pipe()
        self._log = _Log(log, on_overflow)
        self.stdout = io.TextIOWrapper(io.BufferedWriter(self._pipe), encoding="utf-8")
        self.stderr = io.TextIOWrapper(
            # Raw, since nothing may wait in it.
            self._log,  # type: ignore[type-var]
            encoding="utf-8",
            errors="backslashreplace",
            write_through=True,
        )

    @property
    def unfinished(self) -> int:
        """How many bytes of a line were printed whose end was not."""
        return len(self._pipe.data)

    @property
    def has_output(self) -> bool:
        """Whether something was printed and flushed."""
        return bool(self._pipe.data)

    def take_lines(self) -> Iterator[bytes]:
        """Yield the lines that were printed and flushed since the last time."""
        if self._pipe.data:
            *lines, self._pipe.data = self._pipe.data.split(b"\n")
            yield from lines

    def close(self, *, flush: bool) -> list[bytes]:
        """Close both; return the lines that come out of the buffer at the end.

        Args:
            flush: Whether the program ends as programs do, and is not killed.
        """
        lines = []
        if flush and not self.stdout.closed:
            self.stdout.flush()
            lines = [*self.take_lines(), self._pipe.data]
        self._log.close()
        return [line for line in lines if line]
