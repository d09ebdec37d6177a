"""Whose adds a value lacks or has too often, where each client has a digit in it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from checkers._wording import count_of, listed_some, location

from ._digits import DigitSums, RunningDigits, excess_of


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from histories import History

    from ._digits import Excess
    from ._rounds import Round
    from ._sums import Running, Sums
    from ._table import CounterTable

_LOOKED_AT = 1000
"""Adds of one size of which is looked at who made them."""


class Missing(NamedTuple):
    """Adds of one size of which a value lacks some.

    Attributes:
        delta: Their size.
        rows: Those that the value had to show.
        lacking: How many of them are missing at least.
    """

    delta: int
    rows: list[int]
    lacking: int


def missing_adds(table: CounterTable, final: Round, value: int) -> list[Missing]:
    """Return which adds a sum of some adds lacks; nothing if it does not tell."""
    if not isinstance(final.partial, DigitSums) or value not in final.partial:
        return []
    delta_of = table.adds.delta
    required: dict[int, list[int]] = {}
    for row in final.required:
        if delta_of[row]:
            required.setdefault(delta_of[row], []).append(row)
    shown = final.partial.counts(value)
    return [
        Missing(delta, rows, len(rows) - shown[delta])
        for delta, rows in sorted(required.items(), key=lambda item: abs(item[0]))
        if shown[delta] < len(rows)
    ]


def tell_missing(
    history: History, table: CounterTable, missing: Sequence[Missing]
) -> tuple[str, dict[str, Any]]:
    """Return whose adds are missing: a clause, and data.

    Nothing if several processes added the same.
    """
    starts = table.adds.start
    told, data = [], []
    for delta, rows, lacking in missing:
        processes = _processes(history, [starts[row] for row in rows[:_LOOKED_AT]])
        if len(processes) > 1:
            return "", {}
        told.append(f"{_share(lacking, len(rows))} of {delta:+} by {_by(processes)}")
        data.append(
            {
                "delta": delta,
                "missing": lacking,
                "acknowledged": len(rows),
                "processes": list(processes),
            }
        )
    if not told:
        return "", {}
    return listed_some(told, limit=6), {"missing-by-delta": data}


def excess_in(sums: Sums | Running, value: int) -> list[Excess]:
    """Return which adds a value shows too often; nothing if it does not tell."""
    digits = sums.digits if isinstance(sums, DigitSums | RunningDigits) else ()
    return excess_of(digits, value)


def tell_excess(
    history: History, table: CounterTable, excess: Sequence[Excess]
) -> tuple[str, list[dict[str, Any]]]:
    """Return whose adds are shown too often: a clause, and data."""
    adds = table.adds
    all_made = [*zip(adds.start, adds.delta, strict=True)]
    all_made += zip(adds.failed_start, adds.failed_delta, strict=True)
    told, data = [], []
    for delta, shown, made in excess:
        starts = (start for start, each in all_made if each == delta)
        processes = _processes(history, list(islice(starts, _LOOKED_AT)))
        told.append(
            f"{count_of(shown, 'add')} of {delta:+} where {_by(processes)} had made "
            f"{made} by then"
        )
        data.append(
            {
                "delta": delta,
                "shown": shown,
                "invoked": made,
                "processes": list(processes)[:16],
            }
        )
    return listed_some(told, limit=3), data


def _share(lacking: int, made: int) -> str:
    if made == 1:
        return "the only add"
    if lacking == made:
        return f"all {made} adds"
    return f"{lacking} of {made} adds"


def _processes(history: History, starts: Iterable[int]) -> dict[int, str]:
    """Return the processes of some adds, with the places that they called."""
    operations = map(history.operation, starts)
    return {one.process: location(one.node, one.process) for one in operations}


def _by(processes: Mapping[int, str]) -> str:
    if len(processes) != 1:
        return f"{len(processes)} processes"
    ((process, place),) = processes.items()
    return f"process {process} ({place})"
