"""Counters: does every read show adds that were made, and the last ones all of them?

Checks, in this order:

1. *type*: a read is an integer; booleans, fractions (3.0 too), strings and null are not.
2. *values*: the value of any read is the sum of some of the adds that were invoked
   before it ended and did not definitely fail. This holds for every counter, however
   slowly its nodes converge.
3. *final safety*: the value of a final read is the sum of all adds acknowledged before
   it and some of the indeterminate ones.
4. *convergence*, apart from safety: the final reads agree.
5. *order*, for counters that only grow: a node never returns less than before.
6. *knowledge*, with the journal: the value of a read is the sum of some of the adds
   that messages could have carried to its node by then.

The journal also decides what became of some indeterminate adds, see
`checkers.evidence.refine`: those that failed count for nothing, those that were answered
ok in time count as acknowledged.

Assumes that the recovery before the final reads is long enough to converge, and for
(5) that a node keeps what it has shown. That a process sees its own adds is not
required; where it does not, this is noted.

Sound: a violation cannot occur under these assumptions. Complete for each single read,
where `complete` says so; sums that span more than 16 million values, or that fall into
many ranges, are checked against their bounds only, unless each client adds at a digit of
its own. Then a sum tells how many adds of each it is made of, and is told so. Where it
does not, an indeterminate add may hide a lost one of the same size. No ordering model
between eventual consistency and linearizability is decided here.

O(n log n) for n operations, and the span of the sums for the final check.

Source: the bounds generalize `jepsen.checker/counter` to decrements and reads that lag;
the final check is that of Maelstrom's pn-counter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers._convergence import Convergence, quiet_since
from checkers._disks import assumed_of_disks
from checkers._findings import Findings, Witness, conclude, unknown
from checkers._quantiles import latency_measures
from checkers._unfit import UnfitError
from checkers._verdict import Measure
from checkers._wording import cite, count_of, kind_of, listed_some, shown
from checkers.evidence import ASSUMED, Refined, refine

from ._final import FinalCheck, ranges_of
from ._knowledge import check_knowledge
from ._rounds import final_rounds
from ._run import check_monotonic, check_own_adds, check_values, fresh_reads
from ._table import Bounds, tabulate
from ._visible import visibility


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers._verdict import Result
    from checkers.evidence import Evidence
    from histories import History, Operation

    from ._rounds import Round
    from ._table import CounterTable
    from ._visible import Visibility


_CONTRACTS = frozenset({"divergence", "lost-update", "regress", "stale-final-read"})
"""What contradicts the contracts below, and no more than them."""

_CONVERGES = "The recovery before the final reads is long enough for nodes to converge."
_KEEPS = (
    "Sessions are pinned: a client stays with its node, and a node keeps what it has "
    "shown."
)


def check_counter(
    history: History,
    *,
    nodes: Sequence[str] = (),
    grow_only: bool = False,
    converges: bool = True,
    evidence: Evidence | None = None,
) -> Result:
    """Check the history of one counter: `add` of an integer, and `read`.

    Args:
        history: The history; reads after the recovery are marked as final.
        nodes: The nodes each of which has to answer a final read.
        grow_only: Whether nothing is ever subtracted.
        converges: Whether final reads are to be fresh and nodes never to go back. If
            not, where they are not is reported as a fact: a consistency model, judged
            elsewhere, decides what such reads are worth.
        evidence: What the journal of this history says; its updates are the adds.

    Returns:
        INVALID with a witness if a check fails; UNKNOWN(vacuous) without an
        acknowledged add other than of 0, an ok read, or a final read (of every node);
        UNKNOWN(malformed or unsupported) if the history is none of a counter.
        Measures: `convergence-ms`, `stale-reads` (reads that lacked an add
        acknowledged before they began), `acknowledged-count`, `read-count`,
        `visible-count`, `visible-latency-p50` (`-p95`, `-p99`, `-max`); these have no
        value, and the statistic `visible-latency` says why, where sums do not tell of
        which adds they are made.
    """
    refined = (
        Refined(history)
        if evidence is None
        else refine(history, evidence, passed_on=True)
    )
    history = refined.history
    try:
        table = tabulate(history, grow_only=grow_only, counted=refined.counted)
    except UnfitError as unfit:
        return unknown("counter", unfit.reason, unfit.sentence)
    findings = Findings(tolerated=() if converges else _CONTRACTS)
    for index in table.ill_typed:
        read = history.operation(index)
        findings.add_once("type-error", (read.node,), _explain_type, read)
    rounds, complete = final_rounds(table)
    exact, reported = check_values(
        history,
        table,
        findings,
        but=frozenset(row for final in rounds for row in final.rows),
        grow_only=grow_only,
        why=refined.failed,
    )
    complete &= exact
    fresh = fresh_reads(table, Bounds(table.adds))
    last_check = FinalCheck(
        history,
        table,
        findings,
        fresh=fresh,
        grow_only=grow_only,
        evidence=evidence,
        why=refined.failed,
    )
    agreed = [last_check.check(final) for final in rounds]
    if evidence is not None:
        reported |= last_check.reported
        check_knowledge(history, table, findings, evidence, but=reported)
    complete &= all(final.acceptable.exact for final in rounds)
    if grow_only:
        check_monotonic(history, table, findings)
        check_own_adds(history, table, findings)
    adds, reads = table.adds, table.reads
    visible = visibility(table)
    return conclude(
        "counter",
        findings,
        missing=_missing(table, nodes),
        valid=_summary(table, rounds, agreed),
        measures={
            "convergence-ms": Measure(
                _convergence_ms(history, table, rounds, agreed), "ms"
            ),
            "stale-reads": Measure(len(reads.value) - len(fresh)),
            "acknowledged-count": Measure(len(adds.acknowledged)),
            "read-count": Measure(len(reads.value) + len(table.ill_typed)),
            "visible-count": Measure(
                None if visible.untold else len(visible.latencies_ms)
            ),
            **latency_measures("visible-latency", visible.latencies_ms),
        },
        statistics=_statistics(table, rounds, visible),
        assumes=(
            *_assumed(
                converges=converges, grow_only=grow_only, knows=evidence is not None
            ),
            *assumed_of_disks(history, knows=evidence is not None, passed_on=True),
        ),
        complete=complete,
    )


def _assumed(*, converges: bool, grow_only: bool, knows: bool) -> tuple[str, ...]:
    return (
        *((_CONVERGES,) if converges else ()),
        *((_KEEPS,) if converges and grow_only else ()),
        *((ASSUMED,) if knows else ()),
    )


def _missing(table: CounterTable, nodes: Sequence[str]) -> list[str]:
    adds = table.adds
    missing = []
    if not adds.acknowledged:
        missing.append("no add was acknowledged")
    elif not any(adds.delta[row] for row in adds.acknowledged):
        missing.append("every acknowledged add was one of 0")
    if not table.reads.value and not table.ill_typed:
        missing.append("no read succeeded")
    silent = [node for node in nodes if node not in table.answered]
    if silent:
        missing.append(f"there is no final read of {listed_some(silent)}")
    elif not table.answered:
        missing.append(
            "no read is marked as final, so that nothing says whether acknowledged "
            "adds survived"
        )
    return missing


def _summary(
    table: CounterTable, rounds: Sequence[Round], agreed: Sequence[int | None]
) -> str:
    if not rounds:
        return ""
    last = rounds[-1]
    places = {table.reads.place[row] for row in last.rows}
    if agreed[-1] is None:
        return (
            f"Every read shows adds that were made. The final reads of "
            f"{count_of(len(places), 'node')} do not all show all of them."
        )
    lead = (
        f"The final reads of {count_of(len(places), 'node')} return {agreed[-1]}: all "
        f"{count_of(len(last.required), 'acknowledged add')}"
    )
    if not last.optional:
        return f"{lead}, nothing else."
    return (
        f"{lead} ({last.acknowledged_sum}) and possibly some of "
        f"{count_of(len(last.optional), 'indeterminate one')}."
    )


def _statistics(
    table: CounterTable, rounds: Sequence[Round], visible: Visibility
) -> dict[str, Any]:
    adds, reads = table.adds, table.reads
    statistics: dict[str, Any] = {
        "adds": {
            "acknowledged": len(adds.acknowledged),
            "indeterminate": len(adds.start) - len(adds.acknowledged),
            "failed": len(adds.failed_start),
        },
        "reads": len(reads.value),
    }
    if visible.untold:
        statistics["visible-latency"] = f"cannot be told: {visible.untold}"
    if rounds:
        last = rounds[-1]
        statistics["final-reads"] = {
            reads.place[row]: reads.value[row] for row in last.rows
        }
        statistics["acknowledged-sum"] = last.acknowledged_sum
        statistics["acceptable"] = ranges_of(last.acceptable)
    return statistics


def _convergence_ms(
    history: History,
    table: CounterTable,
    rounds: Sequence[Round],
    agreed: Sequence[int | None],
) -> float | None:
    if not rounds or agreed[-1] is None:
        return None
    reads = table.reads
    convergence = Convergence(reads.place[row] for row in rounds[-1].rows)
    for row in range(len(reads.value) - 1, -1, -1):
        place = reads.place[row]
        if convergence.wants(place):
            convergence.observe(
                place, reads.end_time[row], complete=reads.value[row] == agreed[-1]
            )
    return convergence.latency_ms(quiet_since(history, table.adds.last_time))


def _explain_type(read: Operation) -> Witness:
    return Witness(
        sentence=f"{cite(read)} returned {shown(read.output)}, {kind_of(read.output)}: "
        f"the value of a counter has to be an integer.",
        operations=(read.index,),
        data={
            "value": shown(read.output),
            "type": kind_of(read.output),
            "node": read.node,
            "process": read.process,
        },
    )
