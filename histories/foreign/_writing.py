"""Histories written in other formats, so that they read back as they are.

Keywords stand for what Jepsen has as keywords: the keys of events, types, functions and
names of processes. Values are plain: strings stay strings, as they read back the same.
"""

from __future__ import annotations

import math
import re
from typing import IO, TYPE_CHECKING, Any

import msgspec

from histories._errors import HistoryError
from histories._jsonl import encode_events


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from histories._history import History
    from histories._operation import Event

_BATCH = 10_000
_KEYWORD = re.compile(r"[A-Za-z][A-Za-z0-9_?!*-]*")
_NAMES = ("type", "f", "process")
_ORDER = ("index", "time", "type", "process", "f", "value", "error", "final", "node")


def write_format(history: History, format_name: str, file: IO[bytes]) -> None:
    """Write a history to a file in one of the formats of `WRITABLE`.

    Raises:
        HistoryError: There is no such format, or an event has no place in it.
    """
    if format_name not in WRITABLE:
        raise HistoryError(
            f"the format {format_name!r}",
            f"one that can be written: {', '.join(WRITABLE)}",
            "The others are only read.",
        )
    WRITABLE[format_name](history, file)


def _write_jsonl(history: History, file: IO[bytes]) -> None:
    for batch in _batches(history):
        file.write(encode_events(batch))


def _write_edn(history: History, file: IO[bytes]) -> None:
    for batch in _batches(history):
        lines = (f"{_edn_map(_fields(event))}\n" for event in batch)
        file.write("".join(lines).encode())


def _write_json(history: History, file: IO[bytes]) -> None:
    encode = msgspec.json.Encoder().encode
    separator = b"[\n"
    for event in history.events():
        _refuse_colons(event)
        file.write(separator + encode(_fields(event)))
        separator = b",\n"
    file.write(b"\n]\n" if separator == b",\n" else b"[]\n")


WRITABLE: Mapping[str, Callable[[History, IO[bytes]], None]] = {
    "jsonl": _write_jsonl,
    "jepsen-edn": _write_edn,
    "jepsen-json": _write_json,
}
"""What writes a format, by its name."""


def _batches(history: History) -> Iterator[list[Event]]:
    batch: list[Event] = []
    for event in history.events():
        batch.append(event)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _fields(event: Event) -> dict[str, Any]:
    """Return an event as Jepsen has it: always with a value, the rest where it is."""
    found: dict[str, Any] = msgspec.to_builtins(event)
    extra: dict[str, Any] = found.pop("extra", {})
    found.setdefault("value", None)
    ordered = {name: found[name] for name in _ORDER if name in found}
    return ordered | extra


def _edn_map(fields: dict[str, Any]) -> str:
    return f"{{{', '.join(_edn_members(fields))}}}"


def _edn_members(fields: dict[str, Any]) -> Iterable[str]:
    for name, value in fields.items():
        key = f":{name}" if _KEYWORD.fullmatch(name) else _edn(name)
        is_name = name in _NAMES and isinstance(value, str)
        if is_name and _KEYWORD.fullmatch(value):
            yield f"{key} :{value}"
        else:
            yield f"{key} {_edn(value)}"


def _edn(value: Any) -> str:
    """Return a JSON value in EDN, of any depth that JSON was read with."""
    if value is None:
        return "nil"
    if isinstance(value, dict):
        members = (f"{_edn(key)} {_edn(part)}" for key, part in value.items())
        return f"{{{', '.join(members)}}}"
    if isinstance(value, list | tuple):
        return f"[{' '.join(map(_edn, value))}]"
    if isinstance(value, float):
        assert math.isfinite(value), "JSON has no other numbers"
        return repr(value)
    return msgspec.json.encode(value).decode()


def _refuse_colons(event: Event) -> None:
    """Refuse names that readers would take for keywords, and shorten.

    Raises:
        HistoryError: There is one.
    """
    names: list[Any] = [event.f, event.process]
    if isinstance(event.value, dict):
        names += event.value
    for name in names:
        if isinstance(name, str) and name.startswith(":"):
            raise HistoryError(
                f"the name {name!r} in the event {event.index}",
                "none that begins with a colon, which JSON of Jepsen drops",
                "Write it as jepsen-edn or jsonl.",
            )
