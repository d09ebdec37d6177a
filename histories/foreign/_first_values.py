"""What objects must have held at first: what was read before anybody had written it.

A read that returns a value of which no write has begun found it there from the
beginning, or else nobody can explain it. So where a format does not say what objects
hold at first, this is the only first value with which the history can be right.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from histories._columns import INVOKE, OK


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from histories._columns import Columns


_STEPS = 10_000
"""Calls and results in which first values are looked for where they are but noted."""

_READS = frozenset({"r", "read", "get"})

_Step = tuple[bool, Any, Any]
"""Whether it is a read; the key; the value."""


def first_values(columns: Columns, model: str) -> dict[Any, Any]:
    """Return what keys must have held at first; of those of which nothing is known, none.

    A key of which several values were read before they were written is left out: no
    first value explains them.
    """
    most = None if model == "multi-register" else _STEPS
    written: set[tuple[bytes, bytes]] = set()
    found: dict[bytes, dict[bytes, Any]] = defaultdict(dict)
    keys: dict[bytes, Any] = {}
    for is_ask, (is_read, key, value) in islice(_steps(columns, model), most):
        if value is None:
            continue
        try:
            place, what = _ENCODE(key), _ENCODE(value)
        except RecursionError:
            continue
        keys[place] = key
        if not is_read:
            written.add((place, what))
        elif not is_ask and (place, what) not in written:
            found[place][what] = value
    return {
        keys[place]: next(iter(values.values()))
        for place, values in found.items()
        if len(values) == 1 and isinstance(keys[place], str | int | None)
    }


_ENCODE = msgspec.json.Encoder(order="deterministic").encode


def _steps(columns: Columns, model: str) -> Iterator[tuple[bool, _Step]]:
    """Yield what is asked and what is found, in the order of events."""
    asked: dict[int, Any] = {}
    for position, (type_, process, value) in enumerate(
        zip(columns.type, columns.process, columns.value, strict=True)
    ):
        if process < 0 or type_ not in {INVOKE, OK}:
            continue
        is_ask = type_ == INVOKE
        if is_ask:
            asked[process] = value
        f = columns.f_at(position)
        if model == "multi-register":
            steps: Iterable[_Step] = _of_transaction(f, value)
        else:
            steps = _of_call(f, value, asked.get(process), keyed=model == "kv")
        for step in steps:
            yield is_ask, step


def _of_transaction(f: str, value: Any) -> Iterator[_Step]:
    if isinstance(value, dict):
        yield from ((f in _READS, key, part) for key, part in value.items())
    elif isinstance(value, list):
        for step in value:
            if isinstance(step, list) and len(step) == 3:
                yield step[0] in _READS, step[1], step[2]


def _of_call(f: str, value: Any, asked: Any, *, keyed: bool) -> Iterator[_Step]:
    key = None
    if keyed:
        if isinstance(value, list) and len(value) == 2:
            key, value = value
        else:
            key = asked[0] if isinstance(asked, list) and asked else asked
    if f == "cas":
        if isinstance(value, list) and len(value) == 2:
            yield False, key, value[1]
    else:
        yield f in _READS, key, value
