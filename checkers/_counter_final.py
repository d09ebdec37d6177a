"""What the final reads of a counter say: safety, and apart from it convergence.

Safe is a final value that the acknowledged adds and some of the indeterminate ones
sum to. A value that misses acknowledged adds is a lost update if the nodes agree on
it, a stale read if another node has them, and a divergence if no two nodes agree.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from ._counter_lost import explain_missing
from ._counter_run import blame_failed, explain_excess, name_excess
from ._findings import Witness
from ._sums import SubsetSums, subset_sums
from ._wording import cite, count_of, listed_some


if TYPE_CHECKING:
    from collections.abc import Sequence

    from histories import History

    from ._counter_table import CounterTable
    from ._findings import Findings


_MOST_CONTEXTS = 8
"""Sets of adds for which sums are enumerated: final reads usually share one."""

_SHOWN_RANGES = 16


class Context:
    """The adds that one or more final reads had to show, and could show.

    Attributes:
        required: Rows of the adds acknowledged before the read began.
        optional: Rows of the adds that were open or indeterminate while it ran.
        failed: How many failed adds had been invoked before it ended.
    """

    def __init__(
        self, table: CounterTable, acknowledged: int, invoked: int, failed: int
    ) -> None:
        adds = table.adds
        self._adds = adds
        self.failed = failed
        self.required = adds.acknowledged[:acknowledged]
        certain = set(self.required)
        self.optional = [row for row in range(invoked) if row not in certain]

    @cached_property
    def acceptable(self) -> SubsetSums:
        """The values that show all required adds."""
        delta = self._adds.delta
        return subset_sums(
            (delta[row] for row in self.optional),
            base=sum(delta[row] for row in self.required),
        )

    @cached_property
    def partial(self) -> SubsetSums:
        """The values that show some of the adds."""
        delta = self._adds.delta
        return subset_sums(delta[row] for row in (*self.required, *self.optional))

    @cached_property
    def aborted(self) -> SubsetSums:
        """The values that show some of the adds, the failed ones included."""
        delta = self._adds.delta
        return subset_sums(
            [
                *(delta[row] for row in (*self.required, *self.optional)),
                *self._adds.failed_delta[: self.failed],
            ]
        )

    @property
    def acknowledged_sum(self) -> int:
        """The sum of the required adds."""
        return sum(self._adds.delta[row] for row in self.required)


class FinalReads(msgspec.Struct, frozen=True):
    """What the final reads came to.

    Attributes:
        values: Value of the last final read of each place.
        agreed: The value that all final reads agree on and that is acceptable; None
            if there is none.
        context: The adds that the last final read had to show; None without any.
        exact: Whether a value that was accepted is proven explainable.
    """

    values: dict[str, int]
    agreed: int | None
    context: Context | None
    exact: bool


def check_final(
    history: History,
    table: CounterTable,
    findings: Findings,
    *,
    fresh: Sequence[int],
    grow_only: bool,
) -> FinalReads:
    """Report what is wrong with the final reads.

    Linear in the adds and in the span of their sums, see `subset_sums`; reads that
    differ in the adds they had to show repeat that, a fixed number of times.
    """
    reads = table.reads
    contexts = _contexts(table)
    good, short, excess = [], [], []
    for row in reads.final:
        value, context = reads.value[row], contexts[row]
        if value in context.acceptable:
            good.append(row)
        elif value in context.partial:
            short.append(row)
        else:
            excess.append(row)
    _report_excess(history, table, findings, contexts, excess, grow_only=grow_only)
    distinct = {reads.value[row] for row in reads.final}
    if good and short:
        for rows in _by_value(table, short):
            findings.add(
                "stale-final-read", _explain_stale, history, table, contexts, rows, good
            )
    elif short:
        value, rows = _most_common(table, short)
        if len(distinct) == 1 or 2 * len(rows) > len(reads.final):
            findings.add(
                "lost-update",
                explain_missing,
                history,
                table,
                contexts[rows[0]].required,
                contexts[rows[0]].optional,
                rows,
                acceptable=contexts[rows[0]].acceptable,
                fresh=fresh,
            )
    differ = len({reads.value[row] for row in good}) > 1
    if differ or (short and not good and len(distinct) > 1):
        findings.add("divergence", _explain_divergence, history, table, contexts)
    last = contexts[reads.final[-1]] if reads.final else None
    return FinalReads(
        values={reads.place[row]: reads.value[row] for row in reads.final},
        agreed=distinct.pop() if good and len(distinct) == 1 else None,
        context=last,
        exact=all(context.acceptable.exact for context in set(contexts.values())),
    )


def ranges_of(sums: SubsetSums) -> list[list[int]]:
    """Return the first ranges of some sums as JSON."""
    return [list(pair) for pair in sums.ranges(_SHOWN_RANGES)]


def _contexts(table: CounterTable) -> dict[int, Context]:
    """Return the context of each final read, by its row."""
    adds, reads = table.adds, table.reads
    known: dict[tuple[int, int, int], Context] = {}
    contexts = {}
    for row in reads.final:
        key = (
            bisect_left(adds.acknowledged_end, reads.start[row]),
            bisect_left(adds.start, reads.end[row]),
            bisect_left(adds.failed_start, reads.end[row]),
        )
        if key not in known:
            known[key] = Context(table, *key)
        contexts[row] = known[key]
    return contexts


def _by_value(table: CounterTable, rows: Sequence[int]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for row in rows:
        groups.setdefault(table.reads.value[row], []).append(row)
    return list(groups.values())


def _most_common(table: CounterTable, rows: Sequence[int]) -> tuple[int, list[int]]:
    value = Counter(table.reads.value[row] for row in rows).most_common(1)[0][0]
    return value, [row for row in rows if table.reads.value[row] == value]


def _report_excess(
    history: History,
    table: CounterTable,
    findings: Findings,
    contexts: dict[int, Context],
    rows: Sequence[int],
    *,
    grow_only: bool,
) -> None:
    adds = table.adds
    for group in _by_value(table, rows):
        context = contexts[group[0]]
        value = table.reads.value[group[0]]
        aborted = bool(context.failed) and value in context.aborted
        name = name_excess(
            value,
            low=context.partial.low,
            high=context.acceptable.high,
            adds=len(context.required) + len(context.optional),
            aborted=aborted,
            grow_only=grow_only,
        )
        findings.add(
            name,
            explain_excess,
            history,
            name,
            value,
            tuple(table.reads.start[row] for row in group),
            low=context.partial.low,
            high=context.acceptable.high,
            failed=blame_failed(
                value,
                context.partial,
                adds.failed_start[: context.failed],
                adds.failed_delta,
            ),
        )


def _explain_stale(
    history: History,
    table: CounterTable,
    contexts: dict[int, Context],
    stale: Sequence[int],
    good: Sequence[int],
) -> Witness:
    reads = table.reads
    context = contexts[stale[0]]
    read = history.operation(reads.start[stale[0]])
    complete = history.operation(reads.start[good[0]])
    places = sorted({reads.place[row] for row in stale})
    value = reads.value[stale[0]]
    missing = context.acceptable.distance(value)
    return Witness(
        sentence=f"The final value of {listed_some(places)} is {value} ({cite(read)}), "
        f"while {cite(complete)} returned {complete.output}: adds that sum to "
        f"{missing} are missing there, of {count_of(len(context.required), 'add')} "
        f"acknowledged before.",
        operations=(
            *(reads.start[row] for row in stale[:8]),
            complete.index,
        ),
        data={
            "nodes": places,
            "value": value,
            "acceptable": ranges_of(context.acceptable),
            "acknowledged-sum": context.acknowledged_sum,
            "missing": missing,
        },
    )


def _explain_divergence(
    history: History, table: CounterTable, contexts: dict[int, Context]
) -> Witness:
    reads = table.reads
    nodes: list[dict[str, Any]] = []
    for row in reads.final:
        sums = contexts[row].acceptable
        value = reads.value[row]
        nodes.append(
            {
                "node": reads.place[row],
                "value": value,
                "missing": sums.distance(value),
            }
        )
    context = contexts[reads.final[-1]]
    values = listed_some(
        [
            f"{fact['node']} {fact['value']}"
            + (f" ({fact['missing']:+} missing)" if fact["missing"] else "")
            for fact in nodes
        ],
        limit=8,
    )
    last = history.operation(reads.start[reads.final[-1]])
    agree = not any(fact["missing"] for fact in nodes)
    return Witness(
        sentence=f"The final reads disagree, up to {cite(last)}: {values}. The "
        f"{count_of(len(context.required), 'acknowledged add')} sum to "
        f"{context.acknowledged_sum}"
        + (
            "; the nodes differ in indeterminate adds."
            if agree
            else ", which no node returned."
        ),
        operations=tuple(reads.start[row] for row in reads.final[:16]),
        data={
            "nodes": nodes,
            "acknowledged-sum": context.acknowledged_sum,
            "acceptable": ranges_of(context.acceptable),
        },
    )
