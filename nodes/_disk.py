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

VALUE, LOG, UNFINISHED = ".json", ".jsonl", ".tmp"

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

    A kill may tear the last line of a log. That line was not acknowledged to anybody:
    it is left out, and overwritten by what comes next.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._whole: set[str] = set()

    def read(self, name: str) -> Any:
        """Return the value of a name, None if nothing was written."""
        data = self._load(name, VALUE)
        return _decode(data.decode()) if data else None

    def write(self, name: str, value: Any) -> None:
        """Give a name a value: a reader finds the old or the new one, never a mix."""
        path = self._path(name, VALUE)
        with open(path + UNFINISHED, "wb") as file:  # noqa: PTH123  pathlib is slow to import
            file.write(_encode(value).encode())
        os.replace(path + UNFINISHED, path)  # noqa: PTH105  likewise

    def lines(self, name: str) -> list[Any]:
        """Return what was appended to a log, the oldest first."""
        *lines, _torn = self._load(name, LOG).split(b"\n")
        return [_decode(line.decode()) for line in lines]

    def append(self, name: str, *values: Any) -> None:
        """Add values to the end of a log."""
        data = "".join(_encode(value) + "\n" for value in values).encode()
        if name not in self._whole:
            self._mend(name)
        with open(self._path(name, LOG), "ab") as file:  # noqa: PTH123  pathlib is slow
            file.write(data)

    def names(self) -> list[str]:
        """Return the names of all values and logs, sorted."""
        parts = map(os.path.splitext, os.listdir(self._folder))  # noqa: PTH208  likewise
        return sorted({stem for stem, suffix in parts if suffix in {VALUE, LOG}})

    def _load(self, name: str, suffix: str) -> bytes:
        try:
            with open(self._path(name, suffix), "rb") as file:  # noqa: PTH123  likewise
                return file.read()
        except FileNotFoundError:
            return b""

    def _mend(self, name: str) -> None:
        """Cut off what a killed process has left of a last line."""
        data = self._load(name, LOG)
        if data and not data.endswith(b"\n"):
            os.truncate(self._path(name, LOG), data.rfind(b"\n") + 1)
        self._whole.add(name)

    def _path(self, name: str, suffix: str) -> str:
        return f"{self._folder}/{_checked(name)}{suffix}"


def _checked(name: str) -> str:
    """Refuse a name that would leave the folder, on either disk."""
    if name and name.replace("-", "").replace("_", "").isalnum():
        return name
    text = f"a name on disk is made of letters, digits, - and _, not {name!r}"
    raise ValueError(text)
