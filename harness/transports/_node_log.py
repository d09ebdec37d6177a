"""What a node writes to standard error, in a file, as those see it who read along."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from pathlib import Path

LOG_LIMIT = 64 * 1024 * 1024
"""Bytes of standard error that are kept of a node."""

_READ_SIZE = 64 * 1024


class NodeLog:
    """Reads the log of a node, from where it ends when the process starts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._shown = path.stat().st_size if path.exists() else 0

    def new_lines(self) -> list[str]:
        """Return the whole lines that were written since the last call.

        A line that is longer than what is read at a time comes in pieces.
        """
        with self._path.open("rb") as file:
            file.seek(self._shown)
            data = file.read(_READ_SIZE)
        whole = data.rfind(b"\n") + 1
        if not whole and len(data) == _READ_SIZE:
            whole = len(data)
        self._shown += whole
        return data[:whole].decode("utf-8", "backslashreplace").splitlines()

    def tail(self, *, lines: int = 20, size: int = 16_384) -> tuple[str, ...]:
        """Return the last lines, reading at most `size` bytes."""
        with self._path.open("rb") as file:
            start = max(0, file.seek(0, os.SEEK_END) - size)
            file.seek(start)
            text = file.read(size).decode("utf-8", "backslashreplace")
        return tuple(text.splitlines()[-lines:])

    def bound(self) -> bool:
        """Begin it anew if it has grown too long; return whether it had."""
        if self._path.stat().st_size <= LOG_LIMIT:
            return False
        os.truncate(self._path, 0)
        self._shown = 0
        return True
