"""Verdicts on models from what searches have answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers._verdict import Anomaly, Reason
from checkers._wording import cite, count_of, duration, listed
from checkers.models import shown
from checkers.search import PROGRAM, REAL_TIME

from ._explain import does
from ._levels import LEVELS, Level


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.search import Answer, Order, Problem
    from histories import History

    from ._staleness import Staleness
    from ._unexplained import Unexplained


def holds(name: str, operations: int, parts: int) -> Level:
    """Return that a model holds, as an order exists; of operations on so many parts."""
    count = count_of(operations, "operation")
    if parts > 1:
        of = f"{parts} keys"
        count += f" of each of {of}" if name == "linearizable" else f" on {of} together"
    keeps = "real time" if name == "linearizable" else "that of each process"
    why = f"There is an order of {count} that keeps {keeps}."
    return Level(name=name, verdict="yes", why=why)


def vacuous() -> list[Level]:
    """Return that nothing can be said of any model."""
    why = "No operation has a result that could have been another."
    return [
        Level(name=name, verdict="unknown", why=why, reason=Reason.VACUOUS)
        for name in LEVELS
    ]


def untold(name: str, order: Order) -> Level:
    """Return that an order decides a model which nobody has recorded."""
    why = {
        REAL_TIME: "Which operation ended before which began was not recorded.",
        PROGRAM: "Which operations are of one process was not recorded, nor when they "
        "were: there is an order that explains all results, and no more is known.",
    }[order]
    return Level(name=name, verdict="unknown", why=why, reason=Reason.VACUOUS)


def fails(name: str, anomaly: Anomaly) -> Level:
    """Return that a model fails, by a violation."""
    return Level(name=name, verdict="no", why=anomaly.sentence, anomaly=anomaly)


def fits_no_order(history: History, problem: Problem, found: Unexplained) -> Anomaly:
    """Return the violation that results are which no order at all explains."""
    operations = [history.operation(problem.operations[i]) for i in found.operations]
    sentence = f"{listed(map(cite, operations))} {found.why}."
    return Anomaly(
        name="unexplained",
        sentence=found.why if found.is_whole else sentence,
        operations=tuple(sorted(operation.index for operation in operations)),
        data={"key": None if problem.key is None else shown(problem.key)},
    )


def undecided(name: str, parts: Sequence[Problem], answers: Sequence[Answer]) -> Level:
    """Return how far a search came that did not come to an end."""
    problem, answer = next(
        (problem, answer)
        for problem, answer in zip(parts, answers, strict=True)
        if answer.outcome == "unknown"
    )
    of = "" if problem.key is None else f" of key {shown(problem.key)}"
    what = "memory" if answer.reason is Reason.MEMORY else "time"
    return Level(
        name=name,
        verdict="unknown",
        why=(
            f"The search used up its {what} after {answer.nodes} configurations: "
            f"{len(answer.prefix)} of the {count_of(len(problem), 'operation')}{of} "
            "could be put in order."
        ),
        reason=answer.reason or Reason.TIMEOUT,
    )


def stale(history: History, joint: Problem, staleness: Staleness) -> Anomaly:
    """Return the operations that show how far clients lag, and by how much."""
    lag = staleness.inversion
    first = history.operation(joint.operations[lag.first])
    second = history.operation(joint.operations[lag.second])
    return Anomaly(
        name="stale-read",
        sentence=(
            f"{cite(second)}, “{does(joint, lag.second)}”, is stale by "
            f"{'' if staleness.is_exact else 'at most '}{duration(lag.lag_ns)}: it "
            f"comes before {cite(first)}, “{does(joint, lag.first)}”, which had "
            "returned so long ago."
        ),
        operations=(first.index, second.index),
        data={
            "lag-ns": lag.lag_ns,
            "least-lag-ns": staleness.least_ns,
            "returned": first.index,
            "stale": second.index,
            "process": second.process,
            "node": second.node,
        },
    )
