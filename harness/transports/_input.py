"""What waits to be written to the standard input of a process, within bounds."""

from __future__ import annotations

import array
import contextlib
import fcntl
import json
import os
import termios
from functools import cache
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

    from harness.loop import Loop
    from harness.network import Packet

BACKLOG_LIMIT = 64 * 1024 * 1024
"""Bytes that wait for a node that does not read; more is dropped."""


class InputQueue:
    """Lines for a process, held back until it is released, and then written.

    Attributes:
        starter: The client whose messages are not held back.
    """

    def __init__(
        self,
        pipe: IO[bytes],
        name: str,
        loop: Loop,
        *,
        on_refusal: Callable[[str | None], None],
        on_lost: Callable[[], None],
    ) -> None:
        """Make a queue for a pipe of a node.

        Args:
            pipe: The writing end; made non-blocking.
            name: The node.
            loop: Tells when the pipe takes more.
            on_refusal: Told `overflow` when too much waits, and None when it no
                longer does.
            on_lost: Called when nobody reads the pipe any more.
        """
        self.starter: str | None = None
        self._pipe: IO[bytes] | None = pipe
        self._fd = pipe.fileno()
        self._loop = loop
        self._on_refusal = on_refusal
        self._on_lost = on_lost
        self._address = quoted(name)
        self._held: list[bytes] | None = []
        self._outgoing: list[bytes] = []
        self._backlog = 0
        self._full = False
        self._blocked = False
        os.set_blocking(self._fd, False)

    def push(self, packet: Packet) -> None:
        """Queue a message."""
        if self._pipe is None:
            return
        line = b'{"id":%d,"src":%b,"dest":%b,"body":%b}\n' % (
            packet.id,
            quoted(packet.src),
            self._address,
            packet.body,
        )
        self._backlog += len(line)
        if self._held is None or packet.src == self.starter:
            self._outgoing.append(line)
        else:
            self._held.append(line)
        if self._backlog > BACKLOG_LIMIT and not self._full:
            self._full = True
            self._on_refusal("overflow")

    def release(self) -> None:
        """Let go what was held back, and hold back nothing from now on."""
        self._outgoing += self._held or ()
        self._held = None

    def flush(self) -> None:
        """Write what is queued, as far as the pipe takes it."""
        if not self._outgoing or self._blocked or self._pipe is None:
            return
        data = b"".join(self._outgoing)
        self._outgoing.clear()
        try:
            written = os.write(self._fd, data)
        except BlockingIOError:
            written = 0
        except OSError:
            self.close()
            self._on_lost()
            return
        self._backlog -= written
        if self._full and self._backlog < BACKLOG_LIMIT // 2:
            self._full = False
            self._on_refusal(None)
        if written < len(data):
            self._outgoing.append(data[written:])
            self._blocked = True
            self._loop.watch_writable(self._fd, self._writable)

    def _writable(self) -> None:
        self._loop.forget(self._fd)
        self._blocked = False
        self.flush()

    def unread(self) -> bool:
        """Return whether something waits here or in the pipe."""
        return bool(self._outgoing) or (
            self._pipe is not None and _bytes_in_pipe(self._fd) > 0
        )

    def close(self) -> None:
        """End the input of the process; what waits is gone."""
        if self._pipe is not None:
            self._loop.forget(self._fd)
            with contextlib.suppress(OSError):
                self._pipe.close()
            self._pipe = None
            self._outgoing.clear()
            self._held = None


@cache
def quoted(name: str) -> bytes:
    """Return an address as JSON."""
    return json.dumps(name).encode()


def _bytes_in_pipe(fd: int) -> int:
    """Return how many bytes of a pipe nobody has read yet."""
    count = array.array("i", [0])
    with contextlib.suppress(OSError):
        fcntl.ioctl(fd, termios.FIONREAD, count)
    return count[0]
