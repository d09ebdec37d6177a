"""One history on its way up the ladder.

Linearizability comes first, as it is decided fast, and all follows from it. If it does
not hold, what reads reveal is looked at, as that is fast too, and may refute sequential
consistency, whose search is the only one that can take long. Staleness and small
witnesses come last, from what time is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from checkers._verdict import Anomaly, Reason
from checkers._wording import cite, count_of, duration
from checkers.models import shown
from checkers.search import PROGRAM, REAL_TIME, problems, verify

from ._core import find_core
from ._decide import decide_all
from ._explain import does, explain, is_long_fork
from ._levels import LEVELS, Level, settle
from ._staleness import find_staleness
from ._vacuity import any_observes
from .sessions import find_long_fork, judge_sessions, observe, tell_long_fork


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.models import Model
    from checkers.search import Answer, Order, Problem
    from histories import History

    from ._levels import Ladder
    from ._limits import Limits
    from ._staleness import Staleness


UNTIL_LINEARIZABLE, UNTIL_SEQUENTIAL, UNTIL_KEYS, UNTIL_STALENESS = 0.4, 0.7, 0.75, 0.9
"""Shares of the time that may have passed when each is done; witnesses have the rest."""

MOST_VERIFIED = 100_000
"""Operations of an order that is replayed, in case the search is wrong: a cheap check,
but of a million operations it takes longer than their search."""


class Reading(NamedTuple):
    """How to understand a history: the options of `checkers.search.problems`."""

    model: Model[Any]
    independent: bool
    nil_read: Literal["value", "unknown"] | None
    failed_cas: bool

    def problems(self, history: History, *, partition: bool) -> list[Problem]:
        """Return a history as one problem, or as one for each part."""
        return problems(
            history,
            self.model,
            independent=self.independent,
            partition=partition,
            nil_read=self.nil_read,
            failed_cas=self.failed_cas,
        )


class Judged(NamedTuple):
    """What was found.

    Attributes:
        ladder: A verdict on each model.
        observes: Whether the history says anything.
        parts: How many independent objects it is about.
        operations: How many operations were judged.
        nodes: How many configurations were visited.
        staleness: How far clients lag, if the history is sequentially consistent and
            not linearizable.
        stale: The same as an anomaly.
    """

    ladder: Ladder
    observes: bool
    parts: int
    operations: int
    nodes: int
    staleness: Staleness | None
    stale: Anomaly | None


class Judging:
    """Judges one history, once."""

    def __init__(self, history: History, reading: Reading, limits: Limits) -> None:
        self._history = history
        self._reading = reading
        self._limits = limits
        self._parts = reading.problems(history, partition=True)
        self._nodes = 0
        self._staleness: Staleness | None = None
        self._stale: Anomaly | None = None

    def run(self) -> Judged:
        """Return what was found."""
        answers = self._search(self._parts, REAL_TIME, UNTIL_LINEARIZABLE)
        orders = [answer.order or answer.prefix for answer in answers]
        observes = any_observes(zip(self._parts, orders, strict=True))
        return Judged(
            ladder=settle(self._levels(answers) if observes else _vacuous()),
            observes=observes,
            parts=len(self._parts),
            operations=sum(map(len, self._parts)),
            nodes=self._nodes,
            staleness=self._staleness,
            stale=self._stale,
        )

    def _levels(self, answers: Sequence[Answer]) -> list[Level]:
        if all(answer.outcome == "yes" for answer in answers):
            return [self._holds("linearizable")]
        observation = observe(self._history.columns(), self._parts)
        budget = self._limits.until(UNTIL_SEQUENTIAL)
        levels = judge_sessions(self._history, observation, is_over=budget.is_over)
        sights = observation.sights
        fork = None if sights is None else find_long_fork(sights)
        if sights is not None and fork is not None:
            anomaly = tell_long_fork(self._history, sights, fork)
            levels.append(_fails("sequential", anomaly))
        elif all(level.verdict != "no" for level in levels):
            levels.append(self._sequential(answers))
        levels.append(self._linearizable(answers))
        return levels

    def _search(
        self, parts: Sequence[Problem], order: Order, until: float
    ) -> list[Answer]:
        answers = decide_all(parts, order, self._limits.until(until))
        self._nodes += sum(answer.nodes for answer in answers)
        for problem, answer in zip(parts, answers, strict=True):
            if answer.outcome == "yes" and len(problem) <= MOST_VERIFIED:
                assert verify(problem, order, answer.order), "a witness is no witness"
        return answers

    def _linearizable(self, answers: Sequence[Answer]) -> Level:
        for problem, answer in zip(self._parts, answers, strict=True):
            if answer.outcome == "no":
                core = self._explained(problem, REAL_TIME, answer, "non-linearizable")
                return _fails("linearizable", core)
        return _undecided("linearizable", self._parts, answers)

    def _sequential(self, answers: Sequence[Answer]) -> Level:
        """Judge all keys together; if they fail, each alone; if not, how stale."""
        [joint] = self._reading.problems(self._history, partition=False)
        [answer] = self._search([joint], PROGRAM, UNTIL_SEQUENTIAL)
        if answer.outcome == "unknown":
            return _undecided("sequential", [joint], [answer])
        if answer.outcome == "no":
            anomaly = self._explained(joint, PROGRAM, answer, "non-sequential")
            alone = self._keys_alone()
            if alone:
                data = {**anomaly.data, "each-key-alone": "yes"}
                sentence = f"{anomaly.sentence} {alone}"
                anomaly = msgspec.structs.replace(anomaly, sentence=sentence, data=data)
            return _fails("sequential", anomaly)
        if any(one.outcome == "no" for one in answers):
            budget = self._limits.until(UNTIL_STALENESS)
            self._staleness = find_staleness(joint, answer.order, budget)
            self._stale = _stale(self._history, joint, self._staleness)
        return self._holds("sequential")

    def _keys_alone(self) -> str:
        """Return a sentence if each of several keys is sequentially consistent."""
        if len(self._parts) < 2:
            return ""
        answers = self._search(self._parts, PROGRAM, UNTIL_KEYS)
        if any(answer.outcome != "yes" for answer in answers):
            return ""
        return f"Each of the {len(answers)} keys alone is sequentially consistent."

    def _holds(self, name: str) -> Level:
        count = count_of(sum(map(len, self._parts)), "operation")
        keeps = "real time" if name == "linearizable" else "that of each process"
        each = ""
        if len(self._parts) > 1:
            of = f"{len(self._parts)} keys"
            each = (
                f" of each of {of}" if name == "linearizable" else f" on {of} together"
            )
        why = f"There is an order of {count}{each} that keeps {keeps}."
        return Level(name=name, verdict="yes", why=why)

    def _explained(
        self, problem: Problem, order: Order, answer: Answer, name: str
    ) -> Anomaly:
        is_over = self._limits.until(1).is_over
        core = find_core(problem, order, answer, is_over=is_over)
        if name == "non-sequential" and is_long_fork(core.problem):
            name = "long-fork"
        return explain(self._history, core, order, name=name)


def _vacuous() -> list[Level]:
    why = "No operation has a result that could have been another."
    return [
        Level(name=name, verdict="unknown", why=why, reason=Reason.VACUOUS)
        for name in LEVELS
    ]


def _fails(name: str, anomaly: Anomaly) -> Level:
    return Level(name=name, verdict="no", why=anomaly.sentence, anomaly=anomaly)


def _undecided(name: str, parts: Sequence[Problem], answers: Sequence[Answer]) -> Level:
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


def _stale(history: History, joint: Problem, staleness: Staleness) -> Anomaly:
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
