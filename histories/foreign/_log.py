r"""Histories as log lines of Jepsen: `INFO  jepsen.util - 3\t:ok\t:read\tnil`.

Also `history.txt`, which has the same lines without what stands before the process.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from histories import edn
from histories._errors import MalformedError

from ._records import Records


if TYPE_CHECKING:
    from ._loaded import Parsed
    from ._source import Source


_CHUNK_BYTES = 1 << 20
_OPERATION = re.compile(
    r"(?:.*?\s)??(\d+|:[^\s:]+)[ \t]+:(\w+)[ \t]+:(\S+)(?:[ \t]+(.*))?", re.ASCII
)
_LINE = re.compile(r" of line \d+")
_NATURAL = re.compile(r"0|[1-9][0-9]{0,17}")
_FAILED = frozenset({"fail", "info"})


def read_log(source: Source) -> Parsed:
    """Read the operations of a log, and pass over the other lines.

    A keyword in the place of the value of a `fail` or `info`, such as `:timed-out`,
    is its error.
    """
    log = _Log(source.name)
    while lines := source.file.readlines(_CHUNK_BYTES):
        log.take(lines)
    parsed = log.records.finish()
    if not log.operations:
        raise MalformedError(
            "no operation in any line",
            "lines such as `INFO  jepsen.util - 3 :ok :read nil`",
            "Check that this is a log of Jepsen's, or name its format.",
            path=source.name,
        )
    notes = list(parsed.notes)
    if passed_over := log.lines - log.operations:
        notes.insert(0, f"Lines that are no operations: {passed_over:,}, passed over.")
    return parsed._replace(notes=notes)


class _Log:
    """Operations out of lines, and how many of both there were."""

    def __init__(self, name: str) -> None:
        self.records = Records(name)
        self.lines = 0
        self.operations = 0
        self._name = name
        self._values: dict[str, list[Any]] = {"nil": [None]}

    def take(self, lines: list[bytes]) -> None:
        numbers, records = [], []
        for number, line in enumerate(lines, self.lines + 1):
            match = _OPERATION.fullmatch(line.decode(errors="replace").rstrip())
            if match is not None:
                numbers.append(number)
                records.append(self._record(match, number))
        self.records.take(numbers, records)
        self.lines += len(lines)
        self.operations += len(records)

    def _record(self, match: re.Match[str], number: int) -> dict[str, Any]:
        process, type_, f, text = match.groups(default="nil")
        value, error = None, None
        try:
            value, *others = self._read(text) or [None]
            error = others[0] if others else None
        except MalformedError as malformed:
            if type_ not in _FAILED:
                malformed.path, malformed.line = self._name, number
                malformed.column = None  # In the value, not in the line.
                malformed.expected = _LINE.sub("", malformed.expected)
                raise
            error = text  # An exception, for people to read.
        if type_ in _FAILED and text.startswith(":") and error is None:
            value, error = None, value
        return {
            "process": process[1:] if process[0] == ":" else int(process),
            "type": type_,
            "f": f,
            "value": value,
            "error": error,
        }

    def _read(self, text: str) -> list[Any]:
        """Return the value and, if there is a further form, the error."""
        values = self._values.get(text)
        if values is None:
            if _NATURAL.fullmatch(text):
                return [int(text)]
            values = self._values[text] = edn.decode(text)
        return values
