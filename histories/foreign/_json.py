"""Histories in JSON as elle-cli takes them: Jepsen's operation maps.

They come as one array, as one object that has the array under `history`, and may
say their `model` and its `init` beside it, or as lines. Names may have kept the colon
that they have as keywords.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from histories._errors import MalformedError

from ._records import Records


if TYPE_CHECKING:
    from ._loaded import Parsed
    from ._source import Source


_NAMES = ("type", "f", "process")
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_PLACE = re.compile(r" ?\(byte (\d+)\)")


class _Document(msgspec.Struct):
    """An object around a history; all else in it is of no interest."""

    history: list[msgspec.Raw]
    model: Any = None
    init: Any = None


_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_DOCUMENT = msgspec.json.Decoder(_Document)
_VALUE = msgspec.json.Decoder()


def read_json(source: Source) -> Parsed:
    """Read operation maps out of an array, an object or lines of JSON."""
    text = source.file.read()
    records = Records(source.name)
    document = _split(text, source.name)
    raws = document.history
    lines = _lines(text, raws)
    records.take(
        lines,
        [
            _record(_decode(bytes(raw), line, source.name))
            for raw, line in zip(raws, lines, strict=True)
        ],
    )
    parsed = records.finish()
    if not isinstance(document.model, str):
        return parsed
    return parsed._replace(model=document.model, initial=document.init)


def _split(text: bytes, name: str) -> _Document:
    """Return the text of each operation map, and what is said beside them."""
    stripped = text.lstrip()
    if stripped.startswith(b"["):
        decoder: Any = _ARRAY
    elif re.search(rb'"history"\s*:', stripped) and _is_one_value(stripped):
        decoder = _DOCUMENT
    else:
        lines = text.split(b"\n")
        return _Document([msgspec.Raw(line) for line in lines if line.strip()])
    try:
        found = decoder.decode(text)
    except _UNREADABLE as error:
        raise _malformed(text, error, 1, name) from error
    return found if isinstance(found, _Document) else _Document(found)


def _is_one_value(text: bytes) -> bool:
    """Whether a text is more than its first line, or has but one."""
    line, _, others = text.partition(b"\n")
    if not others.strip():
        return True
    try:
        _VALUE.decode(line)
    except _UNREADABLE:
        return True
    return False


def _lines(text: bytes, raws: list[msgspec.Raw]) -> list[int]:
    """Return the line in which each of these parts of a text begins."""
    lines = []
    line, position = 1, 0
    for raw in raws:
        start = text.index(bytes(raw), position)
        line += text.count(b"\n", position, start)
        lines.append(line)
        position = start
    return lines


def _decode(raw: bytes, line: int, name: str) -> Any:
    try:
        return _VALUE.decode(raw)
    except _UNREADABLE as error:
        raise _malformed(raw, error, line, name) from error


def _malformed(text: bytes, error: Exception, line: int, name: str) -> MalformedError:
    place = _PLACE.search(str(error))
    is_cut_off = "truncated" in str(error)
    before = text[: int(place[1])] if place else text.rstrip() if is_cut_off else b""
    return MalformedError(
        f"broken JSON ({_PLACE.sub('', str(error))})",
        'an array of operation maps, an object with "history", or a map a line',
        "Correct the place; `python -m json.tool` shows what else is wrong.",
        path=name,
        line=line + before.count(b"\n"),
        column=len(before) - before.rfind(b"\n") if place else None,
    )


def _record(value: Any) -> Any:
    """Return an operation map as EDN would have it."""
    if not isinstance(value, dict):
        return value
    for name in _NAMES:
        text = value.get(name)
        if isinstance(text, str):
            value[name] = text.removeprefix(":")
    inner = value.get("value")
    if isinstance(inner, dict):
        value["value"] = {key.removeprefix(":"): part for key, part in inner.items()}
    return value
