"""Lines that a process prints, read in bounded pieces."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

    from harness.loop import Loop

READ_SIZE = 64 * 1024
"""Bytes taken from one node a turn: no node can keep the others waiting."""

LINE_LIMIT = 16 * 1024 * 1024
"""Bytes of a line after which it is given up."""

PIPE_SIZE = 1024 * 1024
"""Bytes that a pipe is asked to hold."""


class OutputLines:
    """Splits what comes out of a pipe into lines.

    Attributes:
        count: Lines so far.
    """

    def __init__(
        self,
        pipe: IO[bytes],
        loop: Loop,
        *,
        on_line: Callable[[bytes], None],
        on_long_line: Callable[[bytes], None],
        on_closed: Callable[[], None],
    ) -> None:
        """Read from a pipe whenever the loop says that there is something.

        Args:
            pipe: The reading end; made non-blocking.
            loop: Tells when there is something to read.
            on_line: Gets every line, without its end.
            on_long_line: Gets the beginning of a line that is given up.
            on_closed: Called when the other end was closed.
        """
        self.count = 0
        self._pipe: IO[bytes] | None = pipe
        self._fd = pipe.fileno()
        self._loop = loop
        self._on_line = on_line
        self._on_long_line = on_long_line
        self._on_closed = on_closed
        self._partial = b""
        self._skipping = False
        self._muted = False
        os.set_blocking(self._fd, False)
        loop.watch(self._fd, self._read, _never)

    @property
    def unfinished(self) -> int:
        """How many bytes of a line are there whose end is not."""
        return len(self._partial)

    def mute(self) -> None:
        """Throw away whatever comes from now on."""
        self._muted = True

    def _read(self) -> None:
        if self._take() == 0:
            self.close()
            self._on_closed()

    def _take(self) -> int:
        """Pass on the lines of one read; return its size, -1 if there was none."""
        if self._pipe is None:
            return 0
        try:
            data = os.read(self._fd, READ_SIZE)
        except BlockingIOError:
            return -1
        if self._muted:
            return len(data)
        lines = data.split(b"\n")
        if self._skipping:
            if len(lines) == 1:
                return len(data)
            self._skipping = False
            del lines[0]
        else:
            lines[0] = self._partial + lines[0]
        self._partial = lines.pop()
        if len(self._partial) > LINE_LIMIT:
            self._on_long_line(self._partial[:200])
            self._partial = b""
            self._skipping = True
        self.count += len(lines)
        on_line = self._on_line
        for line in lines:
            on_line(line)
            if self._muted:
                break
        return len(data)

    def drain(self) -> None:
        """Take what an ended process left in its pipe, at most a bound."""
        for _ in range(PIPE_SIZE // READ_SIZE + 1):
            if self._take() <= 0:
                return

    def take_unfinished(self) -> None:
        """Take what was printed of a line as if its end were there."""
        line, self._partial = self._partial, b""
        if line and not self._muted:
            self.count += 1
            self._on_line(line)

    def close(self) -> None:
        """Read nothing more."""
        if self._pipe is not None:
            self._loop.forget(self._fd)
            self._pipe.close()
            self._pipe = None


def _never() -> None:
    raise AssertionError("the output of a node is only read")
