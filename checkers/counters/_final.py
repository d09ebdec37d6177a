"""What the final reads of a counter say: safety, and apart from it convergence.

Safe is a final value that the acknowledged adds and some of the indeterminate ones
sum to. A value that misses acknowledged adds is a lost update if the nodes agree on
it, a stale read if another node has them, and a divergence if they disagree and none
has them all.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from checkers._findings import Witness
from checkers._wording import cite, count_of, listed_some
from checkers.evidence import under_way

from ._clients import excess_in, missing_adds, tell_missing
from ._knowledge import explain_paths
from ._lost import explain_missing
from ._run import blame_failed, explain_excess, name_blamed, name_excess
from ._table import NOTHING


if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from checkers._findings import Findings
    from checkers.evidence import Evidence
    from histories import History

    from ._rounds import Round
    from ._sums import Sums
    from ._table import CounterTable


_SHOWN_RANGES = 16

_TOLD = 3
"""Different values of which it is told whose adds they lack."""


class FinalCheck:
    """Reports what is wrong with the final reads of one round.

    Linear in the adds and in the span of their sums, see `subset_sums`.

    Attributes:
        reported: Rows of the reads whose values nothing explains.
    """

    def __init__(
        self,
        history: History,
        table: CounterTable,
        findings: Findings,
        *,
        fresh: Sequence[int],
        grow_only: bool,
        evidence: Evidence | None = None,
        why: Mapping[int, str] = NOTHING,
    ) -> None:
        """Begin.

        Args:
            history: The history.
            table: The same in columns.
            findings: What was found.
            fresh: Rows of the reads that missed nothing when they were made.
            grow_only: Whether nothing is ever subtracted.
            evidence: What the journal says, if there is any.
            why: Why adds have failed, where that is known from the journal.
        """
        self.reported: set[int] = set()
        self._evidence = evidence
        self._why = why
        self._history = history
        self._table = table
        self._findings = findings
        self._fresh = fresh
        self._grow_only = grow_only

    def check(self, final: Round) -> int | None:
        """Report violations; return the value that all agree on, if it is safe."""
        values = self._table.reads.value
        good, short, excess = [], [], []
        for row in final.rows:
            if values[row] in final.acceptable:
                good.append(row)
            elif values[row] in final.partial:
                short.append(row)
            else:
                excess.append(row)
        for rows in _alike(excess, lambda row: (self._value(row), self._failed(row))):
            self._report_excess(final, rows)
        distinct = {values[row] for row in final.rows}
        if good and short:
            for rows in _alike(short, self._value):
                self._findings.add(
                    "stale-final-read", self._explain_stale, final, rows, good[0]
                )
        elif short:
            rows = max(_alike(short, self._value), key=len)
            if len(distinct) == 1 or 2 * len(rows) > len(final.rows):
                self._findings.add(
                    "lost-update",
                    explain_missing,
                    self._history,
                    self._table,
                    final,
                    rows,
                    fresh=self._fresh,
                    evidence=self._evidence,
                )
        if short and not good and len(distinct) > 1:
            self._findings.add("divergence", self._explain_divergence, final)
        elif len({values[row] for row in good}) > 1:
            # They differ in indeterminate adds, of which one may have come in between.
            late = self._is_late(final)
            report = self._findings.note if late else self._findings.add
            report("divergence", self._explain_divergence, final)
        return distinct.pop() if good and len(distinct) == 1 else None

    def _is_late(self, final: Round) -> bool:
        """Whether an indeterminate add was still under way when final reads began."""
        adds, reads = self._table.adds, self._table.reads
        first = self._history.operation(reads.start[final.rows[0]])
        late = under_way(self._evidence, first.start_time)
        return any(adds.start[row] in late for row in final.optional)

    def _value(self, row: int) -> int:
        return self._table.reads.value[row]

    def _failed(self, row: int) -> int:
        """Return how many definitely failed adds precede the end of a read."""
        return bisect_left(self._table.adds.failed_start, self._table.reads.end[row])

    def _report_excess(self, final: Round, rows: Sequence[int]) -> None:
        adds, reads = self._table.adds, self._table.reads
        self.reported.update(rows)
        value = reads.value[rows[0]]
        low, high = final.partial.low, final.acceptable.high
        failed = self._failed(rows[0])
        aborted = bool(failed) and value in final.with_failed(failed)
        excess = excess_in(final.partial, value)
        name = name_excess(
            value,
            low=low,
            high=high,
            adds=len(final.required) + len(final.optional),
            aborted=aborted,
            doubled=bool(excess),
            grow_only=self._grow_only,
        )
        blamed = blame_failed(
            value, final.partial, adds.failed_start[:failed], adds.failed_delta
        )
        name = name_blamed(name, blamed, self._why)
        self._findings.add(
            name,
            explain_excess,
            self._history,
            self._table,
            name,
            value,
            tuple(reads.start[row] for row in rows),
            excess=excess,
            low=low,
            high=high,
            failed=blamed,
            why=self._why,
        )

    def _explain_stale(self, final: Round, stale: Sequence[int], good: int) -> Witness:
        reads = self._table.reads
        read = self._history.operation(reads.start[stale[0]])
        complete = self._history.operation(reads.start[good])
        places = sorted({reads.place[row] for row in stale})
        value = reads.value[stale[0]]
        missing = final.acceptable.distance(value)
        gaps = missing_adds(self._table, final, value)
        whose, told = tell_missing(self._history, self._table, gaps)
        paths, data = explain_paths(
            self._history, self._table, final, stale, self._evidence
        )
        return Witness(
            sentence=f"The final value of {listed_some(places)} is {value} ({cite(read)}), "
            f"while {cite(complete)} returned {complete.output}: adds that sum to "
            f"{missing} are missing there, of {count_of(len(final.required), 'add')} "
            f"acknowledged before."
            + (f" The sum tells whose: {whose}." if whose else "")
            + paths,
            operations=(
                *(reads.start[row] for row in stale[:8]),
                complete.index,
            ),
            data={
                "nodes": places,
                "value": value,
                "acceptable": ranges_of(final.acceptable),
                "acknowledged-sum": final.acknowledged_sum,
                "missing": missing,
                **told,
                **data,
            },
        )

    def _explain_divergence(self, final: Round) -> Witness:
        reads = self._table.reads
        sums = final.acceptable
        nodes: list[dict[str, Any]] = []
        lacking: dict[str, list[str]] = {}
        for row in final.rows:
            value = reads.value[row]
            gaps = missing_adds(self._table, final, value)
            whose, told = tell_missing(self._history, self._table, gaps)
            if whose:
                lacking.setdefault(whose, []).append(reads.place[row])
            nodes.append(
                {
                    "node": reads.place[row],
                    "value": value,
                    "missing": sums.distance(value),
                    **told,
                }
            )
        values = listed_some(
            [
                f"{fact['node']} {fact['value']}"
                + (f" ({fact['missing']:+} missing)" if fact["missing"] else "")
                for fact in nodes
            ],
            limit=8,
        )
        last = self._history.operation(reads.start[final.rows[-1]])
        agree = not any(fact["missing"] for fact in nodes)
        return Witness(
            sentence=f"The final reads disagree, up to {cite(last)}: {values}. The "
            f"{count_of(len(final.required), 'acknowledged add')} sum to "
            f"{final.acknowledged_sum}"
            + (
                "; the nodes differ in indeterminate adds."
                if agree
                else ", which no node returned."
            )
            + "".join(
                f" {listed_some(places)} lack{'' if places[1:] else 's'} {whose}."
                for whose, places in list(lacking.items())[:_TOLD]
            ),
            operations=tuple(reads.start[row] for row in final.rows[:16]),
            data={
                "nodes": nodes,
                "acknowledged-sum": final.acknowledged_sum,
                "acceptable": ranges_of(final.acceptable),
            },
        )


def ranges_of(sums: Sums) -> list[list[int]]:
    """Return the first ranges of some sums as JSON."""
    return [list(pair) for pair in sums.ranges(_SHOWN_RANGES)]


def _alike(rows: Iterable[int], key: Callable[[int], Hashable]) -> list[list[int]]:
    """Return the rows in groups of equal key, in order of appearance."""
    groups: dict[Hashable, list[int]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return list(groups.values())
