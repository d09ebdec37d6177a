"""How many acknowledged adds are missing from a value, and which they may be.

Adds of equal size look alike in a sum. What can be proven is how much is missing, how
many adds that takes at least, and, where few adds were made, which ones explain it.
For the rest the reads during the run say where to look first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers._findings import Witness
from checkers._wording import cite, count_of, listed, listed_some, location

from ._clients import missing_adds, tell_missing
from ._knowledge import explain_paths


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checkers.evidence import Evidence
    from histories import History, Operation

    from ._rounds import Round
    from ._sums import Sums
    from ._table import CounterTable


_MOST_EXPLANATIONS = 20_000
"""Different sums that `explanations` keeps before it gives up."""

_NAMED = 6
"""Adds that a sentence names."""


def explain_missing(
    history: History,
    table: CounterTable,
    final: Round,
    rows: Sequence[int],
    *,
    fresh: Sequence[int],
    evidence: Evidence | None = None,
) -> Witness:
    """Return the witness for a final value without some acknowledged adds.

    Args:
        history: The history.
        table: The same in columns.
        final: The round of final reads.
        rows: Those of them that returned the value, all the same.
        fresh: Rows of the reads that missed nothing when they were made.
        evidence: What the journal says, if there is any.
    """
    required, optional, acceptable = final.required, final.optional, final.acceptable
    adds, reads = table.adds, table.reads
    value = reads.value[rows[0]]
    deltas = [adds.delta[row] for row in required]
    least = least_missing(deltas, acceptable.low - value, acceptable.high - value)
    candidates, unique = explanations(
        [(row, adds.delta[row]) for row in required], value, acceptable
    )
    gaps = missing_adds(table, final, value)
    whose, told = tell_missing(history, table, gaps)
    if gaps:
        least = sum(gap.lacking for gap in gaps)
    if whose and not unique and len(candidates) > _NAMED:
        candidates = ()
    elif candidates:
        whose, told = "", {}
    named = [history.operation(adds.start[row]) for row in candidates]
    places = sorted({reads.place[row] for row in rows})
    everybody = len({reads.place[row] for row in final.rows}) == len(places)
    first = history.operation(reads.start[rows[0]])
    paths, data = explain_paths(
        history,
        table,
        final,
        rows,
        evidence,
        suspects=[operation.index for operation in named] if unique else (),
    )
    return Witness(
        sentence=f"{_who(places, everybody=everybody)} {value} ({cite(first)}), but "
        f"the {count_of(len(required), 'acknowledged add')} sum to {sum(deltas)}"
        f"{_allowance(optional, acceptable)}: "
        f"{_amount(value, acceptable)}, at least "
        f"{count_of(least, 'add')} of {len(required)}."
        f"{_which(named, unique=unique)}"
        f"{_more(history, table, fresh, whose=whose, named=named)}{paths}",
        operations=(
            *(reads.start[row] for row in rows[:8]),
            *(operation.index for operation in named),
        ),
        data={
            "value": value,
            "nodes": places,
            "acknowledged-adds": len(required),
            "acknowledged-sum": sum(deltas),
            "indeterminate-adds": len(optional),
            "acceptable": [list(pair) for pair in acceptable.ranges(16)],
            "missing-adds-at-least": least,
            "candidates": [operation.index for operation in named],
            "certain": unique,
            **told,
            **data,
        },
    )


def least_missing(deltas: Iterable[int], low: int, high: int) -> int:
    """Return how many of the deltas it takes at least to sum to `low` to `high`.

    A lower bound: exact where single deltas are not too coarse.
    """
    if low > 0:
        goal, sizes = (
            low,
            sorted((delta for delta in deltas if delta > 0), reverse=True),
        )
    elif high < 0:
        goal, sizes = -high, sorted(-delta for delta in deltas if delta < 0)[::-1]
    else:
        return 1
    for number, size in enumerate(sizes, 1):
        goal -= size
        if goal <= 0:
            return number
    return len(sizes)


def explanations(
    required: Sequence[tuple[int, int]], value: int, acceptable: Sums
) -> tuple[tuple[int, ...], bool]:
    """Return the adds some of which, left out, explain the value.

    Args:
        required: Rows and deltas of the adds that the value had to show.
        value: The value that was read.
        acceptable: The values that show all required adds.

    Returns:
        The rows that take part in any explanation, and whether there is only one.
        Nothing where all adds do or where there are too many to tell. Time and space
        are bounded.
    """
    required = [(row, delta) for row, delta in required if delta]
    # Per sum of left-out adds: in how many ways (2 stands for more), and by which rows.
    ways: dict[int, tuple[int, int]] = {0: (1, 0)}
    for bit, (_, delta) in enumerate(required):
        if 2 * len(ways) > _MOST_EXPLANATIONS or bit > 256:
            return (), False
        extended = dict(ways)
        for total, (number, rows) in ways.items():
            other, other_rows = extended.get(total + delta, (0, 0))
            extended[total + delta] = (
                min(number + other, 2),
                rows | other_rows | 1 << bit,
            )
        ways = extended
    number = union = 0
    for total, (found, rows) in ways.items():
        if value + total in acceptable:
            number += found
            union |= rows
    named = tuple(row for bit, (row, _) in enumerate(required) if union >> bit & 1)
    if number != 1 and len(named) == len(required):
        return (), False
    return named, number == 1


def _who(places: Sequence[str], *, everybody: bool) -> str:
    if len(places) == 1:
        return f"{places[0]} ended at"
    if everybody:
        return f"All {len(places)} nodes agree on"
    return f"Most nodes ({listed_some(places)}) agree on"


def _allowance(optional: Sequence[int], acceptable: Sums) -> str:
    if not optional:
        return ""
    return (
        f" ({acceptable.low} to {acceptable.high} with any of the "
        f"{count_of(len(optional), 'indeterminate add')})"
    )


def _amount(value: int, acceptable: Sums) -> str:
    missing = acceptable.distance(value)
    if acceptable.low == acceptable.high:
        return f"adds that sum to {missing} are missing"
    if acceptable.low < value < acceptable.high:
        return "no choice of indeterminate adds gives that, so that adds are missing"
    return f"adds that sum to {missing} or more are missing"


def _which(named: Sequence[Operation], *, unique: bool) -> str:
    if not named:
        return ""
    adds = listed_some([_cite_add(operation) for operation in named], limit=_NAMED)
    if unique:
        return f" Only {'this' if len(named) == 1 else 'these'} can be missing: {adds}."
    return f" They are among {adds}."


def _cite_add(operation: Operation) -> str:
    where = location(operation.node, operation.process)
    return f"{operation.f} {operation.index} ({operation.input:+}, {where})"


def _more(
    history: History,
    table: CounterTable,
    fresh: Sequence[int],
    *,
    whose: str,
    named: Sequence[Operation],
) -> str:
    """Return what helps where adds cannot be named: whose they are, or when they were."""
    if whose:
        return f" The sum tells whose: {whose}."
    return "" if named else _where_to_look(history, table, fresh)


def _where_to_look(history: History, table: CounterTable, fresh: Sequence[int]) -> str:
    """Return a sentence with the adds around the moment when reads began to lag.

    If all adds have one sign, nothing makes up for what is missing, and the last read
    that missed nothing is that moment. With both signs later reads may be right by
    chance, and the first read that missed something is.
    """
    adds, reads = table.adds, table.reads
    if min(adds.delta) < 0 < max(adds.delta):
        complete = set(fresh)
        after = next(row for row in range(len(reads.value) + 1) if row not in complete)
        lead = "The first read that missed something was {after}"
    else:
        after = fresh[-1] + 1 if fresh else 0
        lead = "The last read that missed nothing was {before}"
    if after >= len(reads.value):
        return ""
    begin = reads.start[after - 1] if after else -1
    window = [
        row
        for row in range(len(adds.start))
        if adds.delta[row]
        and adds.start[row] < reads.end[after]
        and adds.end[row] > begin
    ]
    if not window:
        return ""
    suspects = _overlapping(table, window) or window
    named = [_cite_add(history.operation(adds.start[row])) for row in suspects[:_NAMED]]
    more = ", among others" if len(suspects) > _NAMED else ""
    if not after:
        return (
            f" The first read already missed something; look at the adds before its "
            f"end: {listed(named)}{more}."
        )
    cited = {
        "before": cite(history.operation(reads.start[after - 1])),
        "after": cite(history.operation(reads.start[after])),
    }
    between = "it and the next read" if "{before}" in lead else "the read before and it"
    return (
        f" {lead.format(**cited)}; look at the adds under way between {between}: "
        f"{listed(named)}{more}."
    )


def _overlapping(table: CounterTable, rows: Sequence[int]) -> list[int]:
    """Return those of the rows, in order of invocation, that overlap another one."""
    adds = table.adds
    found: set[int] = set()
    widest = None
    for row in rows:
        if widest is not None and adds.start[row] < adds.end[widest]:
            found |= {row, widest}
        if widest is None or adds.end[row] > adds.end[widest]:
            widest = row
    return sorted(found)
