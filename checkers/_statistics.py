"""Statistics: how many operations of each kind succeeded, and how fast.

The verdict is about vacuity alone: a kind of operation that never succeeded was not
tested, whatever the other checkers say. Sound and complete for that; assumes nothing.
O(n log n) for the quantiles.

Source: `jepsen.checker/stats`, which calls such a run invalid; the message counts are
Maelstrom's, with services among the servers.
"""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING, Any

from ._findings import Findings, conclude
from ._polls import poll_test
from ._quantiles import latency_measures
from ._verdict import Measure
from ._wording import count_of, listed


if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from histories import History, Outcome

    from ._verdict import Result


_OFTEN = 20
"""Operations of a kind after which it is remarkable that no more come."""


def check_statistics(
    history: History,
    *,
    outcome: Outcome | None = None,
    optional: Collection[str] = (),
) -> Result:
    """Count operations and measure latencies.

    Args:
        history: The history.
        outcome: How the network behaved, for the measures of messages.
        optional: Functions that nodes need not know.

    Returns:
        VALID if every function that was invoked, but for optional ones, succeeded at
        least once, else UNKNOWN(vacuous). Measures: `count`, `ok-rate`, `throughput` (ok operations
        per second, from the first invocation to the last completion), `latency-p50`
        (`-p95`, `-p99`, `-max`) of ok operations, the same for each function as
        `<f>-latency-…`, and with an outcome `msgs-per-op` and `server-msgs-per-op`:
        messages sent per operation, by all and by nodes and services to each other.
        Polls (see `_polls`) and their two messages with clients count nowhere.
        Statistics: the counts, and as `ended-early` the functions that were not invoked
        in the last part of the main phase, with how long that was.
    """
    is_poll = poll_test(outcome)
    polls = 0
    statuses: dict[str, Counter[str]] = {}
    latencies: dict[str, array[float]] = {}
    main = None if outcome is None else outcome.phases.get("main")
    invoked: Counter[str] = Counter()
    last: dict[str, int] = {}
    begin, end = None, 0
    for operation in history.operations():
        if is_poll(operation):
            polls += 1
            continue
        statuses.setdefault(operation.f, Counter())[operation.status] += 1
        if main is not None and operation.start_time >= main and not operation.final:
            invoked[operation.f] += 1
            last[operation.f] = operation.start_time
        begin = operation.start_time if begin is None else begin
        if operation.end_time is not None:
            end = max(end, operation.end_time)
            if operation.status == "ok":
                latencies.setdefault(operation.f, array("d")).append(
                    (operation.end_time - operation.start_time) / 1e6
                )
    overall = sum(statuses.values(), Counter[str]())
    count = overall.total()
    return conclude(
        "statistics",
        Findings(),
        missing=_missing(statuses, optional),
        valid=f"{overall['ok']} of {count_of(count, 'operation')} succeeded, some of "
        f"every kind.",
        measures={
            "count": Measure(count),
            "ok-rate": Measure(overall["ok"] / count if count else None),
            "throughput": Measure(
                overall["ok"] / (end - begin) * 1e9
                if begin is not None and end > begin
                else None,
                "/s",
            ),
            **_latencies(latencies),
            **_messages(outcome, count, polls),
        },
        statistics={
            **_counts(overall),
            "by-f": {f: _counts(counts) for f, counts in statuses.items()},
            **_ended_early(main or 0, invoked, last),
        },
        complete=True,
    )


def _missing(
    statuses: Mapping[str, Counter[str]], optional: Collection[str]
) -> list[str]:
    if not statuses:
        return ["nothing was invoked"]
    return [
        f"no {f} succeeded ({listed(f'{n} {status}' for status, n in counts.items())})"
        for f, counts in statuses.items()
        if not counts["ok"] and f not in optional
    ]


def _counts(counts: Counter[str]) -> dict[str, Any]:
    return {
        "count": counts.total(),
        **{status: counts[status] for status in ("ok", "fail", "info")},
    }


def _ended_early(
    begin: int, invoked: Mapping[str, int], last: Mapping[str, int]
) -> dict[str, Any]:
    """Return which functions ended a fifth of the main phase before others, or more."""
    end = max(last.values(), default=begin)
    early = {
        f: f"{(end - time) / 1e9:.1f} s of {(end - begin) / 1e9:.1f} s"
        for f, time in last.items()
        if invoked[f] >= _OFTEN and end - time > (end - begin) / 5
    }
    return {"ended-early": early} if early else {}


def _latencies(latencies: Mapping[str, array[float]]) -> dict[str, Measure]:
    everything = array("d")
    for some in latencies.values():
        everything.extend(some)
    measures = latency_measures("latency", everything)
    for f, some in latencies.items():
        measures |= latency_measures(f"{f}-latency", some)
    return measures


def _messages(
    outcome: Outcome | None, operations: int, polls: int
) -> dict[str, Measure]:
    if outcome is None:
        return {}
    return {
        name: Measure(
            max(0, outcome.messages[links].sent - unasked) / operations
            if operations and links in outcome.messages
            else None
        )
        for name, links, unasked in (
            ("msgs-per-op", "all", 2 * polls),
            ("server-msgs-per-op", "servers", 0),
        )
    }
