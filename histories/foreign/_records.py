"""Operation maps, as Jepsen has them, made into events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from histories._columns import TYPES, Columns
from histories._edn_prefixes import TUPLE
from histories._errors import MalformedError
from histories._operation import Event

from ._loaded import Parsed
from ._loose import arrange, is_transaction


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_QUOTED_CHARACTERS = 100
_UNKNOWN_TIME = -1
_BITS = 63
_TOO_LARGE = 1 << _BITS
_TUPLE_KEYS = frozenset({TUPLE})


class Records:
    """Events that grow by operation maps, and what had to be assumed of them.

    The first map of a client decides whether there are processes, the first of all
    whether there are indices: the others have to agree.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._columns = Columns(source)
        self._loose: list[tuple[int, Event]] = []
        self._is_numbered: bool | None = None
        self._has_processes: bool | None = None
        self._taken = 0
        self._untimed = 0
        self._last_time = 0
        self._nameless_transactions = 0
        self._tuples = 0

    def take(self, lines: Sequence[int], records: Iterable[Any]) -> None:
        """Append an event a map; the maps are used up. Lines are where they begin.

        Raises:
            MalformedError: What is there is no operation map.
        """
        events = list(map(self._event, records, lines))
        if self._has_processes is False:
            self._loose.extend(zip(lines, events, strict=True))
            return
        self._columns.extend(events)
        self._columns.line.extend(lines)

    def finish(self) -> Parsed:
        """Return all the events, and the sentences about them."""
        notes = []
        if self._is_numbered is False:
            notes.append("No event has an index: they count in the order of the file.")
        if self._untimed == self._taken > 0:
            notes.append("No event has a time: latency and staleness are unknown.")
        elif self._untimed:
            notes.append(
                f"{self._untimed:,} of {self._taken:,} events have no time: they get "
                "that of the event before."
            )
        if self._nameless_transactions:
            notes.append(
                f"Events without f: {self._nameless_transactions:,}; their values are "
                "transactions, so f is taken to be txn."
            )
        if self._tuples:
            notes.append(
                f"Values that are tuples of jepsen.independent: {self._tuples:,}, taken "
                "as pairs [key, value]: each key is an object of its own."
            )
        has_tuples = self._tuples > 0
        if self._has_processes is not False:
            return Parsed(self._columns, notes, has_tuples=has_tuples)
        notes.append(
            "No event has a process: every operation is a process of its own, and "
            "neither the order of sessions nor that of real time is known."
        )
        arranged = list(arrange(self._loose, has_tuples=has_tuples))
        self._columns.extend([event for _, event in arranged])
        self._columns.line.extend([line for line, _ in arranged])
        return Parsed(
            self._columns,
            notes,
            has_real_time=False,
            has_sessions=False,
            has_tuples=has_tuples,
        )

    def _event(self, record: Any, line: int) -> Event:
        """Return the event that an operation map stands for."""
        if not isinstance(record, dict):
            raise self._error(
                line, _brief(record), "a map with the keys type, process, f and value"
            )
        take = record.pop
        type_ = take("type", None)
        if type_ not in TYPES:
            raise self._error(line, *_wrong("type", type_, "invoke, ok, fail or info"))
        index, process, time = (
            take("index", None),
            take("process", None),
            take("time", None),
        )
        f, value, error = take("f", None), take("value", None), take("error", None)
        if type(value) is dict and value.keys() == _TUPLE_KEYS:
            value = value[TUPLE]
            self._tuples += 1
        if self._is_numbered is None:
            self._is_numbered = index is not None
        if not self._is_numbered and index is None:
            index = self._taken
        elif (
            type(index) is not int
            or not self._is_numbered
            or index.bit_length() > _BITS
        ):
            raise self._error(line, *_wrong("index", index, self._expected_index()))
        if type(time) is not int or time == _UNKNOWN_TIME or time.bit_length() > _BITS:
            time = self._odd_time(time, line)
        self._last_time = time
        if type(process) is not int or not 0 <= process < _TOO_LARGE:
            process = self._odd_process(process, line)
        elif self._has_processes is None:
            self._has_processes = True
        elif not self._has_processes:
            raise self._error(
                line, *_wrong("process", process, self._expected_process())
            )
        if type(f) is not str:
            f = self._odd_function(f, value, process, line)
        self._taken += 1
        node, final = None, False
        if record:
            node = _text(take("node", None))
            final = take("final", False) is True or take("final?", False) is True
        return Event(
            index=index,
            time=time,
            type=type_,
            process=process,
            f=f,
            value=value,
            error=error,
            final=final,
            node=node,
            extra=record,
        )

    def _odd_time(self, time: Any, line: int) -> int:
        if time is None or time == _UNKNOWN_TIME:
            self._untimed += 1
            return self._last_time
        if isinstance(time, float) and abs(time) < _TOO_LARGE:
            return round(time)
        raise self._error(line, *_wrong("time", time, "nanoseconds, as an integer"))

    def _odd_process(self, process: Any, line: int) -> int | str:
        if isinstance(process, str):
            return process
        if process is None and not self._has_processes:
            self._has_processes = False
            return 0
        raise self._error(line, *_wrong("process", process, self._expected_process()))

    def _odd_function(self, f: Any, value: Any, process: int | str, line: int) -> str:
        if f is not None:
            return _brief(f)
        if is_transaction(value):
            self._nameless_transactions += 1
            return "txn"
        if isinstance(process, str):
            return ""
        raise self._error(line, *_wrong("f", f, "what is done, such as read"))

    def _expected_index(self) -> str:
        if self._is_numbered:
            others = ", as the events before it have one" if self._taken else ""
            return f"an integer of 64 bits{others}"
        return "none, as the events before it have none"

    def _expected_process(self) -> str:
        if self._has_processes is False:
            return "none, as the events before it have none"
        return "a number from 0 on for a client, a name for any other process"

    def _error(self, line: int, found: str, expected: str) -> MalformedError:
        return MalformedError(
            found,
            expected,
            "Correct the event or take it out.",
            path=self._source or None,
            line=line,
        )


def _wrong(key: str, value: Any, expected: str) -> tuple[str, str]:
    if value is None:
        return f"an event without {key}", f"{key}: {expected}"
    return f"{key} {_brief(value)}", expected


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else _brief(value)


def _brief(value: Any) -> str:
    try:
        text = msgspec.json.encode(value).decode()
    except RecursionError:
        return "a deeply nested form"
    if len(text) > _QUOTED_CHARACTERS:
        text = text[:_QUOTED_CHARACTERS] + "…"
    return text
