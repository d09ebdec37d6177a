"""What a node keeps when its process is killed: named JSON values, and named logs.

A value is written as a whole, a log grows by lines at its end. What was written is
there for the next process of the node, however this one ends; it is not forced down
to the hardware, since it is processes that get killed here and not machines.

Both disks hold texts and not objects. So a value that was read is nobody else's, and
what is no JSON is refused by either.
"""

from __future__ import annotations

import os
from json import JSONDecoder, JSONEncoder


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Disk: TypeAlias = "MemoryDisk | FileDisk"

VALUE, LOG, UNFINISHED = ".value", ".log", ".tmp"
MOST_BYTES = 65_536  # and eight values: then the file of a value is replaced

_encode = JSONEncoder(allow_nan=False, separators=(",", ":")).encode
_decode = JSONDecoder().decode


class MemoryDisk:
    """Keeps all in memory: outlives a node in the same process that is made anew.

    >>> disk = MemoryDisk()
    >>> disk.write("total", 3)
    >>> disk.append("seen", "a", "b")
    >>> disk.read("total"), disk.read("other"), disk.lines("seen"), disk.names()
    (3, None, ['a', 'b'], ['seen', 'total'])
    """

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._logs: dict[str, list[str]] = {}

    def read(self, name: str) -> Any:
        """Return the value of a name, None if nothing was written."""
        text = self._values.get(_checked(name))
        return None if text is None else _decode(text)

    def write(self, name: str, value: Any) -> None:
        """Give a name a value: a reader finds the old or the new one, never a mix."""
        self._values[_checked(name)] = _encode(value)

    def lines(self, name: str) -> list[Any]:
        """Return what was appended to a log, the oldest first."""
        return list(map(_decode, self._logs.get(_checked(name), [])))

    def append(self, name: str, *values: Any) -> None:
        """Add values to the end of a log."""
        texts = list(map(_encode, values))
        self._logs.setdefault(_checked(name), []).extend(texts)

    def names(self) -> list[str]:
        """Return the names of all values and logs, sorted."""
        return sorted(self._values.keys() | self._logs.keys())


class FileDisk:
    """Keeps each value and each log in a file of one folder, which has to exist.

    The file of a value has a line for each write, and the last one counts: to replace
    a file costs a file system twenty times as much as to add a line. It is replaced
    when it gets long.

    A kill may tear the last line of a file. That line was not acknowledged to anybody:
    it is left out, and overwritten by what comes next.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._sizes: dict[str, int] = {}

    def read(self, name: str) -> Any:
        """Return the value of a name, None if nothing was written."""
        lines = _lines(self._path(name, VALUE))
        return _decode(lines[-1].decode()) if lines else None

    def write(self, name: str, value: Any) -> None:
        """Give a name a value: a reader finds the old or the new one, never a mix."""
        path, line = self._path(name, VALUE), f"{_encode(value)}\n".encode()
        if self._size(path) + len(line) <= max(MOST_BYTES, 8 * len(line)):
            self._add(path, line)
            return
        _write(path + UNFINISHED, line, os.O_TRUNC)
        os.replace(path + UNFINISHED, path)  # noqa: PTH105  pathlib is slow to import
        self._sizes[path] = len(line)

    def lines(self, name: str) -> list[Any]:
        """Return what was appended to a log, the oldest first."""
        return [_decode(line.decode()) for line in _lines(self._path(name, LOG))]

    def append(self, name: str, *values: Any) -> None:
        """Add values to the end of a log."""
        data = "".join(f"{_encode(value)}\n" for value in values).encode()
        self._add(self._path(name, LOG), data)

    def names(self) -> list[str]:
        """Return the names of all values and logs, sorted."""
        parts = map(os.path.splitext, os.listdir(self._folder))  # noqa: PTH208  likewise
        return sorted({stem for stem, suffix in parts if suffix in {VALUE, LOG}})

    def _add(self, path: str, data: bytes) -> None:
        size = self._size(path)
        del self._sizes[path]  # unknown again if this fails half-way
        _write(path, data, os.O_APPEND)
        self._sizes[path] = size + len(data)

    def _size(self, path: str) -> int:
        """Return the size of a file, cut to whole lines when this process begins."""
        if path not in self._sizes:
            whole = sum(len(line) + 1 for line in _lines(path))
            _write(path, b"", 0)
            os.truncate(path, whole)
            self._sizes[path] = whole
        return self._sizes[path]

    def _path(self, name: str, suffix: str) -> str:
        return f"{self._folder}/{_checked(name)}{suffix}"


def _lines(path: str) -> list[bytes]:
    """Return the whole lines of a file, none if it is not there."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123  pathlib is slow to import
            *lines, _torn = file.read().split(b"\n")
            return lines
    except FileNotFoundError:
        return []


def _write(path: str, data: bytes, how: int) -> None:
    """Write to a file that is there afterwards, without the buffers of `open`."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o644)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
    finally:
        os.close(file)


def _checked(name: str) -> str:
    """Refuse a name that would leave the folder, on either disk."""
    if name and name.replace("-", "").replace("_", "").isalnum():
        return name
    text = f"a name on disk is made of letters, digits, - and _, not {name!r}"
    raise ValueError(text)
