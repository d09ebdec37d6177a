"""How soon adds were visible on all nodes, where reads tell which adds they saw.

They do where the adds of each client have a digit of their own in the sum, and none of
them but the last is indeterminate: a read that shows some of them is taken to show the
first ones. Where it showed others, it showed as many.

An add is *visible* on a node from the end of the first read from which on all reads of
this node show it, in the order in which reads were invoked; and everywhere, once it is
on the last of the nodes that were read. Adds of 0 are left out, those that no client
has seen acknowledged, and those that the last read of some node lacks.
"""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ._digits import DigitSums, digits_of


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ._table import CounterTable

    _Shown: TypeAlias = dict[int, int]

_NEVER = 1 << 62
"""After any time from which on an add is shown."""


class Visibility(NamedTuple):
    """What is known of how soon adds were visible.

    Attributes:
        latencies_ms: From the acknowledgement of each add that was, until it was.
        untold: Why nothing is known, a clause; empty if something is.
    """

    latencies_ms: list[float]
    untold: str = ""


def visibility(table: CounterTable) -> Visibility:
    """Return how soon adds were visible on all nodes.

    Linear in the reads times the clients, and in the adds times the nodes.
    """
    adds, reads = table.adds, table.reads
    rows_of: dict[int, list[int]] = {}
    for row, delta in enumerate(adds.delta):
        if delta:
            rows_of.setdefault(delta, []).append(row)
    untold = _why_untold(table, rows_of)
    if untold:
        return Visibility([], untold)
    digits = digits_of(Counter(filter(None, adds.delta)))
    if digits is None:
        return Visibility([], "several choices of adds have the same sum")
    sums = DigitSums.of(digits)
    shown: dict[int, _Shown] = {}
    for value in set(reads.value):
        if value not in sums:
            return Visibility([], f"{value} is the sum of no choice of adds")
        shown[value] = sums.counts(value)
    since = {delta: array("q", [0]) * len(rows) for delta, rows in rows_of.items()}
    by_place: dict[str, list[int]] = {}
    for row, place in enumerate(reads.place):
        by_place.setdefault(place, []).append(row)
    for rows in by_place.values():
        steps = ((shown[reads.value[row]], reads.end_time[row]) for row in rows)
        _delay(since, list(steps))
    return Visibility(
        [
            max(0, time - adds.end_time[row]) / 1e6
            for delta, rows in rows_of.items()
            for row, time in zip(rows, since[delta], strict=True)
            if by_place and adds.end[row] >= 0 and time != _NEVER
        ]
    )


def _why_untold(table: CounterTable, rows_of: dict[int, list[int]]) -> str:
    """Return why adds of the same delta are not told apart, if they are not."""
    adds = table.adds
    for delta, rows in rows_of.items():
        if len({adds.process[row] for row in rows}) > 1:
            return f"several clients add {delta:+}"
        if any(adds.end[row] < 0 for row in rows[:-1]):
            return f"an add of {delta:+} before others is indeterminate"
    return ""


def _delay(since: dict[int, array[int]], reads: Sequence[tuple[_Shown, int]]) -> None:
    """Put adds off until all reads of one more node show them from then on.

    Args:
        since: Of each delta, from when on each add is visible; changed.
        reads: How many adds of each delta each read shows, and when it ended.
    """
    for delta, times in since.items():
        kept, later = len(times), _NEVER
        for shown, end in reversed(reads):
            if shown[delta] < kept:
                _put_off(times, range(shown[delta], kept), later)
                kept = shown[delta]
            later = end
        _put_off(times, range(kept), later)


def _put_off(times: array[int], positions: Iterable[int], until: int) -> None:
    for position in positions:
        times[position] = max(times[position], until)
