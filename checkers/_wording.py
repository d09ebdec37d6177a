"""How operations, times and values read in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from histories import Operation


def cite(operation: Operation) -> str:
    """Return how a sentence refers to an operation.

    >>> cite(read)  # doctest: +SKIP
    'read 230 (n0, process 3, 8.600 s)'
    """
    where = "" if operation.node is None else f"{operation.node}, "
    return (
        f"{operation.f} {operation.index} ({where}process {operation.process}, "
        f"{seconds(operation.start_time)})"
    )


def location(node: str | None, process: int) -> str:
    """Return where an operation went: its node, or its process if that is all."""
    return f"process {process}" if node is None else node


def seconds(time_ns: int) -> str:
    """Return a point in time, in seconds since the start of the run.

    >>> seconds(8_600_000_000)
    '8.600 s'
    """
    return f"{time_ns / 1e9:.3f} s"


def duration(time_ns: float) -> str:
    """Return a span of time in the unit that suits it.

    >>> duration(4_530_000_000), duration(12_300_000), duration(4_500)
    ('4.53 s', '12.3 ms', '4.5 µs')
    """
    if 0 < time_ns < 5e4:
        return f"{time_ns / 1e3:g} µs"
    return f"{time_ns / 1e9:.2f} s" if time_ns >= 1e9 else f"{time_ns / 1e6:.1f} ms"


SHOWN_MAX = 60
"""Characters of a value that a sentence can take."""


def shown(value: Any, *, limit: int = SHOWN_MAX) -> str:
    """Return a value as JSON text, cut where it is too long for a sentence.

    >>> shown([1, True, "a"])
    '[1,true,"a"]'
    """
    text = msgspec.json.encode(value, order="deterministic").decode()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def kind_of(value: Any) -> str:
    """Return the JSON type of a value with its article.

    >>> kind_of(3.0), kind_of(None)
    ('a fraction', 'null')
    """
    if value is None:
        return "null"
    return {
        bool: "a boolean",
        int: "an integer",
        float: "a fraction",
        str: "a string",
        list: "a list",
        dict: "an object",
    }.get(type(value), f"a {type(value).__name__}")


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it needs one.

    >>> count_of(1, "add"), count_of(2, "add")
    ('1 add', '2 adds')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(words: Iterable[str]) -> str:
    """Join words as prose does.

    >>> listed(["n0", "n1", "n2"])
    'n0, n1 and n2'
    """
    words = list(words)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def as_do(places: Sequence[str], *, past: bool = False) -> str:
    """Return whose final reads show the same as the one that was named; maybe nothing.

    >>> as_do(["n2", "n3"]), as_do(["n2"]), as_do([])
    (', as do those of n2 and n3', ', as does that of n2', '')
    >>> as_do(["n2"], past=True)
    ', as did that of n2'
    """
    if not places:
        return ""
    verb, others = ("does", "that") if len(places) == 1 else ("do", "those")
    return f", as {'did' if past else verb} {others} of {listed(places)}"


def none_of(number: int, noun: str) -> str:
    """Return that some things cannot do what is said next.

    >>> none_of(1, "remove"), none_of(3, "remove of that item")
    ('the one remove cannot', 'none of 3 removes of that item can')
    """
    head, *tail = noun.split(" ", 1)
    if number == 1:
        return f"the one {noun} cannot"
    return f"none of {number} {' '.join([head + 's', *tail])} can"


def listed_some(words: Sequence[str], *, limit: int = 6) -> str:
    """Join the first words as prose does, and say how many are left out.

    >>> listed_some(["1", "2", "3", "4"], limit=2)
    '1, 2 and 2 more'
    """
    if len(words) <= limit:
        return listed(words)
    return listed([*words[:limit], f"{len(words) - limit} more"])
