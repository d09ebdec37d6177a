"""Numbers, durations and values as a reader wants them: short and exact enough."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


MILLISECOND = 1_000_000
SECOND = 1_000_000_000

NOTHING = "—"
"""Stands where there is no number."""

DIGITS_BITS = 256
"""Integers above this size are described: Python refuses to print huge ones."""


def count(number: float) -> str:
    """Return a number with separated thousands; fractions get two decimals at most.

    >>> count(12345), count(2.0), count(3.14159)
    ('12,345', '2', '3.14')
    """
    if isinstance(number, int):
        return f"{number:,}"
    text = f"{number:,.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plural(number: int, noun: str, several: str | None = None) -> str:
    """Return a number with its noun.

    >>> plural(1, "operation"), plural(3, "reply", "replies")
    ('1 operation', '3 replies')
    """
    return f"{count(number)} {noun if number == 1 else several or noun + 's'}"


def listed(names: Sequence[str]) -> str:
    """Return names as an enumeration.

    >>> listed(["n0"]), listed(["n0", "n1", "n2"])
    ('n0', 'n0, n1 and n2')
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def share(part: int, whole: int) -> str:
    """Return a percentage that says 0% and 100% only where they are exact.

    >>> share(999_999, 1_000_000), share(1, 1), share(0, 0)
    ('99.9%', '100%', '—')
    """
    if not whole:
        return NOTHING
    percent = 100 * part / whole
    if part in {0, whole}:
        return f"{percent:.0f}%"
    return f"{min(max(percent, 0.1), 99.9):.1f}".removesuffix(".0") + "%"


def duration(time_ns: float) -> str:
    """Return a duration with three significant digits and a fitting unit.

    >>> duration(1_234_567), duration(61_000_000_000), duration(800)
    ('1.23 ms', '61.0 s', '0.8 µs')
    """
    for unit, size in (("s", SECOND), ("ms", MILLISECOND)):
        if time_ns >= size * 0.9995:
            return f"{_significant(time_ns / size)} {unit}"
    return f"{time_ns / 1000:.3g} µs"


def _significant(number: float) -> str:
    return (
        f"{number:.2f}"
        if number < 9.995
        else f"{number:.1f}"
        if number < 99.95
        else f"{number:,.0f}"
    )


def moment(time_ns: int) -> str:
    """Return a time of the run in seconds, to the millisecond.

    >>> moment(1_234_567_890)
    '1.235 s'
    """
    return f"{time_ns / SECOND:.3f} s"


def measure(value: float | None, unit: str) -> str:
    """Return a measured number with its unit, or a dash where there is none."""
    if value is None:
        return NOTHING
    if unit == "ms":
        return duration(value * MILLISECOND)
    return count(value) + (f" {unit}" if unit and unit != "/s" else unit)


def sentence(text: str) -> str:
    """Return a sentence as one that begins with a capital; a clause as it is.

    >>> sentence("read 2 lacks it."), sentence("follows from pram")
    ('Read 2 lacks it.', 'follows from pram')
    """
    return text[:1].upper() + text[1:] if text.endswith(".") else text


def cut(text: str, limit: int) -> str:
    """Return a text in a line, without its end if it is longer than the limit.

    >>> cut("a long text", 8), cut("short", 8)
    ('a long …', 'short')
    """
    line = " ".join(text[: 4 * limit].split())
    is_whole = len(line) <= limit and len(text) <= 4 * limit
    return line if is_whole else line[: limit - 1] + "…"


def brief(value: Any, limit: int = 80) -> str:
    """Return a JSON value in about as many characters as the limit says.

    Of a longer list the beginning and the length are given. The cost is bounded by
    the limit, not by the size or the depth of the value.

    >>> brief(list(range(1000)), 16)
    '[0, 1, 2, 3, 4, 5, …] (1,000 elements)'
    """
    if value is None:
        return "null"
    if type(value) is int and value.bit_length() <= DIGITS_BITS:
        return str(value)
    if isinstance(value, list | tuple | dict) and limit < 2:
        return "…"
    if isinstance(value, list | tuple):
        shown, whole = _fitting((brief(each, limit // 2) for each in value), limit)
        return f"[{shown}]" if whole else f"[{shown}…] ({count(len(value))} elements)"
    if isinstance(value, dict):
        pairs = (
            f"{brief(key, limit // 2)}: {brief(each, limit // 2)}"
            for key, each in value.items()
        )
        shown, whole = _fitting(pairs, limit)
        return f"{{{shown}}}" if whole else f"{{{shown}…}} ({count(len(value))} keys)"
    if isinstance(value, str):
        cut = value if len(value) <= limit else value[:limit] + "…"
        return json.dumps(cut, ensure_ascii=False)
    if type(value) is int:
        return f"an integer of {count(value.bit_length())} bits"
    return json.dumps(value)


def _fitting(texts: Iterable[str], limit: int) -> tuple[str, bool]:
    shown = ""
    for text in texts:
        if shown and len(shown) + len(text) > limit:
            return shown + ", ", False
        shown += (", " if shown else "") + text
    return shown, True
