r"""Which format a file has: decided by how it begins, never by its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from histories._errors import MalformedError


if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._source import Source


_QUOTED_CHARACTERS = 60

_JSON_VALUE = r'\s*(?:["\d\[{-]|(?:true|false|null)\b)'
_JSON = re.compile(
    rf'\s*(?:\[\s*)*+\{{\s*(?:"(?:[^"\\]|\\.)*"\s*:{_JSON_VALUE}|\}}\s*\Z)'
    r"|\s*\[\s*\]\s*\Z"
)
_SKIPPED = r"(?:[\s,]|;[^\n]*\n)*"
_EDN = re.compile(rf"{_SKIPPED}(?:['`^@]?[{{#]|['`^@]?[\[(]{_SKIPPED}[\[({{#\])])")
_WRAPPED = re.compile(
    rf"{_SKIPPED}(?:\#[\w.$-]+{_SKIPPED})?[\[(]{_SKIPPED}(?:[\[({{#]|[\])]{_SKIPPED}\Z)"
)
_TUPLE = re.compile(
    rf"{_SKIPPED}(?:[\[(]{_SKIPPED})?[\[(]{_SKIPPED}(?:\d+|:[^\s,]+)[\s,]+"
    r":(?:invoke|ok|fail|info)\b"
)
_KEYED_MAP = re.compile(
    rf"{_SKIPPED}(?:[\[(]{_SKIPPED})?\{{(?=[^}}]*:f\s+:(?:get|put|append)\b)[^}}]*:key\b"
)
_LOG_LINE = re.compile(
    r"^[^\n]*?(?:\d+|(?!:type\b):[\w-]+)[ \t]+:(?:invoke|ok|fail|info)[ \t]+:\S",
    re.MULTILINE,
)
_TRANSACTION = re.compile(
    r"(?:\s|-{3,}\s|={3,}\s)*+[rw][ \t]+-?\d+[ \t]+-?\d+[ \t\r]*(?:\n|\Z)"
)


def detect_format(source: Source, names: Iterable[str]) -> str:
    """Return the name of the format that a file seems to have.

    Raises:
        MalformedError: It begins like none of them.
    """
    head = source.head.decode(errors="replace")
    if not head.strip():
        return "jsonl"
    if _JSON.match(head):
        return "jsonl" if _is_json_lines(head) else "jepsen-json"
    if _TRANSACTION.match(head):
        return "awdit"
    if _TUPLE.match(head):
        return "knossos-edn"
    if _EDN.match(head):
        return "porcupine-kv-log" if _KEYED_MAP.match(head) else "jepsen-edn"
    if _LOG_LINE.search(head):
        return "porcupine-jepsen-log"
    first = next((line for line in head.splitlines() if line.strip()), "").strip()
    raise MalformedError(
        f"a file that begins with `{first[:_QUOTED_CHARACTERS]}`",
        f"one of the formats {', '.join(names)}",
        "If it is one of these, name it with --format; if not, write an event a line, "
        'such as {"type":"invoke","process":0,"f":"read"}.',
        path=source.name,
    )


def is_wrapped(source: Source) -> bool:
    """Whether an EDN file is one vector or list of operations."""
    head = source.head.decode(errors="replace")
    return _WRAPPED.match(head) is not None


def _is_json_lines(head: str) -> bool:
    """Whether the first line is an event such as the recorder writes."""
    import msgspec

    line = head.lstrip().partition("\n")[0]
    try:
        event = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        # Longer than what was looked at, or a value over several lines.
        return line.startswith("{") and '"history"' not in head and "\n" not in head
    return (
        isinstance(event, dict)
        and {"type", "process", "f"} <= event.keys()
        and event["process"] is not None
        and all(isinstance(event.get(name, 0), int) for name in ("index", "time"))
    )
