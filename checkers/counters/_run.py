"""What every single read of a counter has to satisfy, and every two of one node.

Nothing here needs the nodes to have converged: a read may miss any add, but shows
nothing else than adds that were invoked before it ended.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from checkers._disks import Losses
from checkers._findings import Witness
from checkers._wording import cite, count_of
from checkers.evidence import NEVER_DELIVERED

from ._clients import excess_in, tell_excess
from ._sums import running_sums
from ._table import NOTHING


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from checkers._findings import Findings
    from histories import History

    from ._digits import Excess
    from ._sums import Running, Sums
    from ._table import Bounds, CounterTable


def check_values(
    history: History,
    table: CounterTable,
    findings: Findings,
    *,
    but: frozenset[int],
    grow_only: bool,
    why: Mapping[int, str],
) -> tuple[bool, set[int]]:
    """Report reads that no adds invoked before their end explain.

    All but the rows in `but`. Returns whether the check was exact, and the rows that
    were reported. O(n log n); adds cost constant time unless their sums fall into many
    ranges, of which a fixed number is kept.

    Args:
        history: The history.
        table: The same in columns.
        findings: What was found.
        but: Rows that are not looked at.
        grow_only: Whether nothing is ever subtracted.
        why: Why adds have failed, where that is known from the journal.
    """
    adds, reads = table.adds, table.reads
    order = sorted(
        (row for row in range(len(reads.value)) if row not in but),
        key=reads.end.__getitem__,
    )
    sums = running_sums(adds.delta)
    invoked = _Arrivals(adds.start, adds.delta)
    # The same with failed adds, to tell an aborted effect from other excess.
    all_sums = running_sums([*adds.delta, *adds.failed_delta])
    also_invoked = _Arrivals(adds.start, adds.delta)
    also_failed = _Arrivals(adds.failed_start, adds.failed_delta)
    reported = set()
    for row in order:
        end, value = reads.end[row], reads.value[row]
        invoked.feed(sums, end)
        if adds.failed_delta:
            also_invoked.feed(all_sums, end)
            also_failed.feed(all_sums, end)
        if value in sums:
            continue
        aborted = bool(also_failed.arrived) and value in all_sums
        excess = excess_in(sums, value)
        name = name_excess(
            value,
            low=sums.low,
            high=sums.high,
            adds=invoked.arrived,
            aborted=aborted,
            doubled=bool(excess),
            grow_only=grow_only,
        )
        failed = blame_failed(
            value,
            sums,
            adds.failed_start[: also_failed.arrived],
            adds.failed_delta,
        )
        name = name_blamed(name, failed, why)
        reported.add(row)
        findings.add_once(
            name,
            (reads.place[row],),
            explain_excess,
            history,
            table,
            name,
            value,
            (reads.start[row],),
            excess=excess,
            low=sums.low,
            high=sums.high,
            failed=failed,
            why=why,
        )
    return sums.exact, reported


def name_excess(
    value: int,
    *,
    low: int,
    high: int,
    adds: int,
    aborted: bool,
    doubled: bool,
    grow_only: bool,
) -> str:
    """Return the name for a value that the adds up to then cannot sum to.

    Args:
        value: The value that was read.
        low: The least that they sum to.
        high: The greatest that they sum to.
        adds: How many they are.
        aborted: Whether definitely failed adds would explain the value.
        doubled: Whether the value tells of adds that it shows too often.
        grow_only: Whether the counter only grows.
    """
    if grow_only and value < 0:
        return "negative-value"
    if aborted:
        return "aborted-effect"
    if not adds:
        return "thin-air"
    is_within = low <= value <= high
    return "impossible-value" if is_within and not doubled else "over-count"


def name_blamed(name: str, failed: Sequence[int], why: Mapping[int, str]) -> str:
    """Return the name for an effect of failed adds, given those that explain it.

    Of what never reached a node, no node can know.
    """
    if name == "aborted-effect" and failed:
        never = all(why.get(index) == NEVER_DELIVERED for index in failed)
        return "impossible-knowledge" if never else name
    return name


def blame_failed(
    value: int,
    sums: Running | Sums,
    failed_start: Sequence[int],
    failed_delta: Sequence[int],
) -> tuple[int, ...]:
    """Return the first failed adds one of which, by itself, explains the value."""
    return tuple(
        start
        for start, delta in zip(failed_start, failed_delta, strict=False)
        if delta and value - delta in sums
    )[:3]


def explain_excess(
    history: History,
    table: CounterTable,
    name: str,
    value: int,
    reads: tuple[int, ...],
    *,
    low: int,
    high: int,
    excess: Sequence[Excess] = (),
    failed: tuple[int, ...] = (),
    why: Mapping[int, str] = NOTHING,
) -> Witness:
    """Return the witness for a value that the adds up to then cannot sum to."""
    failed = failed if name in {"aborted-effect", "impossible-knowledge"} else ()
    first = history.operation(reads[0])
    others = f" (and {count_of(len(reads) - 1, 'other read')})" if reads[1:] else ""
    told: dict[str, Any] = {}
    reach = f"exactly {low}" if low == high else f"{low} to {high}"
    sentence = f"{cite(first)} returned {value}{others}"
    if name == "negative-value":
        sentence += ", and no counter that only grows falls below 0."
    elif name == "thin-air":
        sentence += " although nothing had been added before it ended."
    elif name in {"aborted-effect", "impossible-knowledge"}:
        sentence += (
            f", while the adds invoked before it ended, without the definitely failed "
            f"ones, reach {reach}. "
        )
        if failed:
            blamed = " or ".join(
                f"{cite(operation)}, {operation.input:+}, "
                f"{why.get(operation.index, 'which was reported as failed')}"
                for operation in map(history.operation, failed)
            )
            sentence += f"It is explained by {blamed}."
        else:
            sentence += "Only together with failed adds do they sum to it."
    elif name == "over-count" and excess:
        clause, told["shown-too-often"] = tell_excess(history, table, excess)
        sentence += f", which shows {clause}: at least one was counted more than once."
    elif name == "over-count":
        sentence += (
            f", while all adds invoked before it ended reach {reach}: at least one was "
            f"counted more than once."
        )
    else:
        sentence += (
            f". It lies within {low} to {high}, and yet no choice of the adds invoked "
            f"before it ended sums to it."
        )
    return Witness(
        sentence=sentence,
        operations=(*reads, *failed),
        data={
            "value": value,
            "node": first.node,
            "process": first.process,
            "low": low,
            "high": high,
            "failed-adds": list(failed),
            **told,
        },
    )


def check_monotonic(history: History, table: CounterTable, findings: Findings) -> None:
    """Report reads below an earlier read of the same node; for growing counters.

    Only reads of which the one ended before the other began are compared, and none from
    before its node lost its disk with one from after that. A process
    that changes nodes is promised nothing, so that its going back is merely noted.
    O(n log c) for c concurrent reads a node.
    """
    reads = table.reads
    losses = Losses(history)
    open_reads: dict[str, list[tuple[int, int]]] = {}
    best: dict[str, int] = {}
    session: dict[int, int] = {}
    for row, (value, place, process) in enumerate(
        zip(reads.value, reads.place, reads.process, strict=True)
    ):
        running = open_reads.setdefault(place, [])
        while running and running[0][0] < reads.start[row]:
            ended = heappop(running)[1]
            if place not in best or reads.value[ended] > reads.value[best[place]]:
                best[place] = ended
        heappush(running, (reads.end[row], row))
        if place in best and losses.between(
            place, reads.start[best[place]], reads.end[row]
        ):
            del best[place]
        if place in best and reads.value[best[place]] > value:
            # What the place has shown is forgotten, so that one loss is one anomaly
            # and not one of every later read.
            findings.add(
                "regress", _explain_regress, history, table, best.pop(place), row
            )
        seen = session.get(process)
        if seen is None or reads.value[seen] <= value:
            session[process] = row
        elif reads.place[seen] != place:
            findings.note("regress", _explain_regress, history, table, seen, row)


def check_own_adds(history: History, table: CounterTable, findings: Findings) -> None:
    """Note reads of a growing counter below what their own process had added."""
    reads = table.reads
    final = set(reads.final)
    for row, (value, own) in enumerate(zip(reads.value, reads.own, strict=True)):
        if value < own and row not in final:
            findings.note("read-your-writes", _explain_own, history, table, row)


def fresh_reads(table: CounterTable, bounds: Bounds) -> list[int]:
    """Return the rows of the reads that miss no add acknowledged before they began."""
    reads = table.reads
    fresh = []
    for row, (start, end, value) in enumerate(
        zip(reads.start, reads.end, reads.value, strict=True)
    ):
        low, high = bounds.fresh(start, end)
        if low <= value <= high:
            fresh.append(row)
    return fresh


def _explain_regress(
    history: History, table: CounterTable, before: int, after: int
) -> Witness:
    reads = table.reads
    first = history.operation(reads.start[before])
    second = history.operation(reads.start[after])
    return Witness(
        sentence=f"{cite(second)} returned {second.output}, less than the "
        f"{first.output} of {cite(first)}, which had ended before.",
        operations=(first.index, second.index),
        data={
            "before": first.output,
            "after": second.output,
            "node": second.node,
            "process": second.process,
        },
    )


def _explain_own(history: History, table: CounterTable, row: int) -> Witness:
    read = history.operation(table.reads.start[row])
    own = table.reads.own[row]
    return Witness(
        sentence=f"{cite(read)} returned {read.output}, although the same process had "
        f"added {own}, acknowledged, before.",
        operations=(read.index,),
        data={
            "value": read.output,
            "own": own,
            "node": read.node,
            "process": read.process,
        },
    )


class _Arrivals:
    """Hands deltas to sums in the order of their invocations."""

    def __init__(self, start: Sequence[int], delta: Sequence[int]) -> None:
        self._start = start
        self._delta = delta
        self.arrived = 0

    def feed(self, sums: Running, end: int) -> None:
        """Add all deltas invoked before this index."""
        position, start, delta = self.arrived, self._start, self._delta
        while position < len(start) and start[position] < end:
            if delta[position]:
                sums.add(delta[position])
            position += 1
        self.arrived = position
