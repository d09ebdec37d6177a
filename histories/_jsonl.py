"""Histories as JSON lines, an event each: the format of `history.jsonl`.

A line is decoded by a strict struct, many lines at once. Where that fails, the
lines are taken one by one and more leniently: a line may have keys of its own,
which are kept; a file may leave out every `index` (then the order of lines
counts) and any `time` (then it is 0).
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, ClassVar

import msgspec

from ._collector import collector_paused
from ._columns import Columns
from ._errors import HistoryError, MalformedError
from ._files import replacing
from ._history import History
from ._operation import Event, EventType


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_CHUNK_BYTES = 1 << 20
_CHUNK_EVENTS = 20_000
_QUOTED_CHARACTERS = 160
_INDEX_OF_SOME = "an index, which lines before it lack"
_EXPECTED = {
    "`$.type`": "one of the types invoke, ok, fail and info",
    "`$.time`": "nanoseconds, as an integer",
    "`$.index`": "an integer",
    "`$.process`": "a number from 0 on for a client, a name for any other process",
}
"""What a field has to be, by how msgspec names it."""

_EXAMPLE = '{"index":0,"time":0,"type":"invoke","process":0,"f":"read"}'

_Int64 = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
_ClientProcess = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class Line(msgspec.Struct, forbid_unknown_fields=True):
    """An event as the recorder writes it: every field checked, and no other."""

    index: _Int64
    time: _Int64
    type: EventType
    process: _ClientProcess | str
    f: str
    value: Any = None
    error: Any = None
    final: bool = False
    node: str | None = None
    extra: ClassVar[dict[str, Any]] = {}


_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_FIELDS = Line.__struct_fields__
_ENCODER = msgspec.json.Encoder()
_LINES = msgspec.json.Decoder(Line)
_OBJECT = msgspec.json.Decoder(dict[str, Any])


def encode_events(events: Sequence[Event]) -> bytes:
    """Return a line of JSON for each event, with extra keys beside the others."""
    return _ENCODER.encode_lines(
        [event if not event.extra else _flatten(event) for event in events]
    )


def write_history(events: Iterable[Event], path: Path | str) -> None:
    """Write events as JSON lines, replacing the file at once when all is written."""
    remaining = iter(events)
    with replacing(Path(path)) as draft, draft.open("wb") as file:
        while batch := list(islice(remaining, _CHUNK_EVENTS)):
            file.write(encode_events(batch))


def read_history(path: Path | str) -> History:
    """Read a history from JSON lines, about a megabyte at a time.

    A last line that was torn by the death of its writer is dropped, and a warning
    of the history says so.

    Raises:
        MalformedError: A line is no event.
        PairingError: The events cannot be one history.
        HistoryError: The file cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            columns, warnings = read_columns(file, Path(path))
    except OSError as error:
        raise HistoryError(
            f"no readable file ({error.strerror})",
            "a history",
            "Check the path.",
            path=path,
        ) from error
    return History(columns, warnings=warnings)


def read_columns(
    file: IO[bytes], source: Path | str
) -> tuple[Columns, tuple[str, ...]]:
    """Return the events of a file of JSON lines, and what was dropped of it.

    The source names the file in errors.

    Raises:
        MalformedError: A line is no event.
        PairingError: A process is a negative number.
    """
    reader = _Reader(source)
    with collector_paused():
        while lines := file.readlines(_CHUNK_BYTES):
            reader.take(lines)
    return reader.columns, tuple(reader.warnings)


class _Reader:
    """Columns that grow by lines of a file, and what is known of the file."""

    def __init__(self, path: Path | str) -> None:
        self.columns = Columns(str(path))
        self.warnings: list[str] = []
        self._path = path
        self._lines_taken = 0
        self._is_numbered: bool | None = None

    def take(self, lines: list[bytes]) -> None:
        """Append the events of the next lines, the last of which may be torn."""
        first = self._lines_taken + 1
        self._lines_taken += len(lines)
        if _is_torn(lines[-1]):
            *lines, torn = lines
            self.warnings.append(
                f"{self._path}, line {self._lines_taken}: dropped the last line, "
                f"which is incomplete: {_quote(torn)}"
            )
        if not self._take_strictly(lines, first):
            self._take_leniently(lines, first)

    def _take_strictly(self, lines: list[bytes], first: int) -> bool:
        """Append all the events, or none if any line is out of the ordinary."""
        if self._is_numbered is False:
            return False
        try:
            events = _LINES.decode_lines(b"".join(lines))
        except _UNREADABLE:
            return False
        if len(events) != len(lines):  # Blank lines, or values across lines.
            return False
        self._is_numbered = True
        self.columns.extend(events)
        self.columns.line.extend(range(first, first + len(lines)))
        return True

    def _take_leniently(self, lines: list[bytes], first: int) -> None:
        events: list[Event] = []
        for number, line in enumerate(lines, first):
            if not line.isspace():
                position = len(self.columns) + len(events)
                events.append(self._decode_leniently(line, number, position))
                self.columns.line.append(number)
        self.columns.extend(events)

    def _decode_leniently(self, line: bytes, number: int, position: int) -> Event:
        try:
            extra = _OBJECT.decode(line)
            fields = {name: extra.pop(name) for name in _FIELDS if name in extra}
            if self._is_numbered is None:
                self._is_numbered = "index" in fields
            if not self._is_numbered:
                if "index" in fields:
                    raise msgspec.ValidationError(_INDEX_OF_SOME)
                fields["index"] = position
            event = msgspec.convert({"time": 0, **fields}, Line)
        except _UNREADABLE as error:
            wrong = (what for at, what in _EXPECTED.items() if at in str(error))
            raise MalformedError(
                f"{_quote(line)} ({error})",
                next(wrong, f"an event, such as {_EXAMPLE}"),
                "Correct the line or take it out.",
                path=self._path,
                line=number,
            ) from error
        return Event(**msgspec.structs.asdict(event), extra=extra)


def _flatten(event: Event) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(event)
    extra: dict[str, Any] = fields.pop("extra")
    return fields | extra


def _is_torn(line: bytes) -> bool:
    """Whether a line has neither an end nor sense, as when its writer was killed."""
    if line.endswith(b"\n"):
        return False
    try:
        msgspec.json.decode(line)
    except _UNREADABLE as error:
        return "trailing characters" not in str(error)  # Then it is too long.
    return False


def _quote(line: bytes) -> str:
    text = line.decode(errors="replace").strip()
    if len(text) > _QUOTED_CHARACTERS:
        text = text[:_QUOTED_CHARACTERS] + "…"
    return text
