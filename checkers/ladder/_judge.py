"""One history on its way up the ladder.

Linearizability comes first, as it is decided fast, and all follows from it. Then a quick
search for sequential consistency, from which nearly all follows. If both fail, what
reads reveal is looked at, as that is fast too, and may refute sequential consistency,
whose search is the only one that can take long. Staleness and small witnesses come last.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from checkers.models import shown
from checkers.search import OPEN, PROGRAM, REAL_TIME, problems

from ._core import find_core
from ._decide import decide_all, is_witness
from ._explain import explain, is_long_fork
from ._few_elements import with_few_elements
from ._found import fails, fits_no_order, holds, stale, undecided, untold, vacuous
from ._levels import LEVELS, settle
from ._limits import WITNESS_SHARE
from ._staleness import find_staleness
from ._unexplained import find_unexplained
from ._vacuity import any_observes
from .sessions import find_long_fork, judge_sessions, observe, tell_long_fork


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers._verdict import Anomaly
    from checkers.models import Model
    from checkers.search import Answer, Budget, Order, Problem
    from histories import History

    from ._levels import Ladder, Level
    from ._limits import Limits
    from ._staleness import Staleness


UNTIL_LINEARIZABLE, UNTIL_SEQUENTIAL = 0.4, 0.7
"""Shares of the time that may have passed when the verdicts are there."""

WITHIN_KEYS, WITHIN_STALENESS = 0.05, 0.1
"""Shares of the time that these may take, whenever they begin."""

QUICK_NODES, NODES_AN_OPERATION = 20_000, 20
"""Configurations to visit for a quick answer: so many, and so many an operation."""

MOST_COUNTED = 20_000
"""Operations that are counted before a search is asked, in case that settles it."""

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
        indeterminate: How many of them may have taken effect, or not.
        nodes: How many configurations were visited.
        staleness: How far clients lag, if the history is sequentially consistent and
            not linearizable.
        stale: The same as an anomaly.
        orders: By part, the order of operations, as their indices, that proves the
            strongest model that was searched for; by its name. None if there is none.
    """

    ladder: Ladder
    observes: bool
    parts: int
    operations: int
    indeterminate: int
    nodes: int
    staleness: Staleness | None
    stale: Anomaly | None
    orders: tuple[str, list[tuple[str, list[int]]]] | None


class Judging:
    """Judges one history, once."""

    def __init__(
        self,
        history: History,
        reading: Reading,
        limits: Limits,
        *,
        declared: Sequence[str],
        has_times: bool,
        has_real_time: bool = True,
        has_sessions: bool = True,
    ) -> None:
        self._history = history
        self._has_times = has_times and has_real_time
        self._has_real_time = has_real_time
        self._has_sessions = has_sessions
        self._declared = declared
        self._reading = reading
        self._limits = limits
        self._parts = reading.problems(history, partition=True)
        self._nodes = 0
        self._staleness: Staleness | None = None
        self._stale: Anomaly | None = None
        self._orders: tuple[str, list[tuple[str, list[int]]]] | None = None

    def run(self) -> Judged:
        """Return what was found."""
        limit = self._limits.until
        if sum(map(len, self._parts)) <= MOST_COUNTED and self._unexplained:
            # All is settled then, but a search may show it with less.
            limit = self._limits.briefly
        budget = limit(UNTIL_LINEARIZABLE)
        answers = self._search(self._parts, REAL_TIME, budget)
        observes = self._observes(answers)
        return Judged(
            ladder=settle(self._levels(answers) if observes else vacuous()),
            observes=observes,
            parts=len(self._parts),
            operations=sum(map(len, self._parts)),
            indeterminate=sum(part.returns.count(OPEN) for part in self._parts),
            nodes=self._nodes,
            staleness=self._staleness,
            stale=self._stale,
            orders=self._orders,
        )

    def _observes(self, answers: Sequence[Answer]) -> bool:
        """Whether the history says anything; what has failed, does."""
        if any(answer.outcome != "yes" for answer in answers):
            return True
        orders = [answer.order for answer in answers]
        return any_observes(zip(self._parts, orders, strict=True))

    def _levels(self, answers: Sequence[Answer]) -> list[Level]:
        if not self._has_real_time:
            return self._without_real_time(answers)
        if all(answer.outcome == "yes" for answer in answers):
            return [self._holds("linearizable", self._parts, answers)]
        return [*self._below(answers), self._linearizable(answers)]

    def _without_real_time(self, answers: Sequence[Answer]) -> list[Level]:
        """Judge what the order of each process tells, if there is one.

        An order that keeps that of all events keeps that of each process too; that
        there is none says nothing.
        """
        if all(answer.outcome == "yes" for answer in answers):
            levels = [self._holds("sequential", self._parts, answers)]
        else:
            levels = self._below(answers)
        if self._has_sessions:
            return [*levels, untold("linearizable", REAL_TIME)]
        self._orders = None
        failing = [level for level in levels if level.verdict == "no"]
        return failing or [untold(name, PROGRAM) for name in LEVELS]

    def _below(self, answers: Sequence[Answer]) -> list[Level]:
        """Judge all that follows from linearizability, which fails."""
        if self._unexplained is not None:
            levels = self._sessions()
            if not any(map(_says_why, levels)):
                levels.append(fails("sequential", self._unexplained))
            return levels
        joint = self._joint()
        tried = self._try_sequential(joint, QUICK_NODES)
        if tried.outcome == "yes":
            return [self._sequential(joint, tried, answers)]
        levels = self._sessions()
        if any(level.verdict == "no" for level in levels):
            return levels
        if tried.outcome == "unknown":
            failing = self._failing_key()
            if failing is not None:
                return [*levels, failing]
            tried = self._try_sequential(joint, None)
        return [*levels, self._sequential(joint, tried, answers)]

    @cached_property
    def _unexplained(self) -> Anomaly | None:
        """Return a result that no order explains, if counting finds one."""
        for part in self._parts:
            found = find_unexplained(part)
            if found is not None:
                return fits_no_order(self._history, part, found)
        return None

    def _failing_key(self) -> Level | None:
        """Return that sequential consistency fails if it does for one key alone."""
        if len(self._parts) < 2:
            return None
        budget = self._limits.briefly(UNTIL_SEQUENTIAL)
        for part, answer in zip(
            self._parts, self._search(self._parts, PROGRAM, budget), strict=True
        ):
            if answer.outcome == "no":
                anomaly = self._explained(part, PROGRAM, answer, "non-sequential")
                return fails("sequential", anomaly)
        return None

    def _joint(self) -> Problem:
        """Return all keys together."""
        if len(self._parts) == 1:
            return self._parts[0]
        [joint] = self._reading.problems(self._history, partition=False)
        return joint

    def _sessions(self) -> list[Level]:
        """Judge causal consistency and below, and above what that settles at once."""
        observation = observe(self._history.columns(), self._parts)
        levels = judge_sessions(self._history, observation, self._limits)
        sights = observation.sights
        fork = None if sights is None else find_long_fork(sights)
        if sights is not None and fork is not None:
            anomaly = tell_long_fork(self._history, sights, fork)
            levels.append(fails("sequential", anomaly))
        return levels

    def _search(
        self, parts: Sequence[Problem], order: Order, budget: Budget
    ) -> list[Answer]:
        answers = decide_all(parts, order, budget)
        self._nodes += sum(answer.nodes for answer in answers)
        for problem, answer in zip(parts, answers, strict=True):
            if answer.outcome == "yes" and len(problem) <= MOST_VERIFIED:
                assert is_witness(problem, order, answer), "a witness is no witness"
        return answers

    def _linearizable(self, answers: Sequence[Answer]) -> Level:
        for problem, answer in zip(self._parts, answers, strict=True):
            if answer.outcome == "no":
                core = self._explained(problem, REAL_TIME, answer, "non-linearizable")
                return fails("linearizable", core)
        return undecided("linearizable", self._parts, answers)

    def _try_sequential(self, joint: Problem, nodes: int | None) -> Answer:
        asked = any(name != "linearizable" for name in self._declared)
        limit = self._limits.until if asked else self._limits.briefly
        budget = limit(UNTIL_SEQUENTIAL)
        if nodes is not None:
            least = min(budget.nodes, nodes + NODES_AN_OPERATION * len(joint))
            budget = msgspec.structs.replace(budget, nodes=least)
        [answer] = self._search([joint], PROGRAM, budget)
        return answer

    def _sequential(
        self, joint: Problem, answer: Answer, answers: Sequence[Answer]
    ) -> Level:
        """Return what was found of all keys together.

        If they fail, each alone; if not, how stale they are.
        """
        if answer.outcome == "unknown":
            return undecided("sequential", [joint], [answer])
        if answer.outcome == "no":
            anomaly = self._explained(joint, PROGRAM, answer, "non-sequential")
            alone = self._keys_alone()
            if alone:
                data = {**anomaly.data, "each-key-alone": "yes"}
                sentence = f"{anomaly.sentence} {alone}"
                anomaly = msgspec.structs.replace(anomaly, sentence=sentence, data=data)
            return fails("sequential", anomaly)
        if self._has_times and any(one.outcome == "no" for one in answers):
            budget = self._limits.within(WITHIN_STALENESS)
            staleness = find_staleness(
                joint, answer.order, budget, at_least=self._lag_of_keys(budget)
            )
            self._staleness = staleness
            self._stale = stale(self._history, joint, staleness)
        return self._holds("sequential", [joint], [answer])

    def _keys_alone(self) -> str:
        """Return a sentence if each of several keys is sequentially consistent."""
        if len(self._parts) < 2:
            return ""
        budget = self._limits.within(WITHIN_KEYS)
        answers = self._search(self._parts, PROGRAM, budget)
        if any(answer.outcome != "yes" for answer in answers):
            return ""
        return f"Each of the {len(answers)} keys alone is sequentially consistent."

    def _lag_of_keys(self, budget: Budget) -> int:
        """Return the greatest lag of a key alone; together, they lag no less."""
        if len(self._parts) < 2:
            return 0
        lags = [0]
        for part in self._parts:
            [real] = self._search([part], REAL_TIME, budget)
            [own] = self._search([part], PROGRAM, budget)
            if real.outcome == "no" and own.outcome == "yes":
                lags.append(find_staleness(part, own.order, budget).least_ns)
        return max(lags)

    def _holds(
        self, name: str, parts: Sequence[Problem], answers: Sequence[Answer]
    ) -> Level:
        self._orders = (
            name,
            [
                (
                    "" if part.key is None else shown(part.key),
                    [part.operations[i] for i in answer.order],
                )
                for part, answer in zip(parts, answers, strict=True)
            ],
        )
        return holds(name, sum(map(len, self._parts)), len(self._parts))

    def _explained(
        self, problem: Problem, order: Order, answer: Answer, name: str
    ) -> Anomaly:
        is_over = self._limits.within(WITNESS_SHARE).is_over
        whole = len(problem)
        problem, answer = with_few_elements(problem, answer)
        core = find_core(problem, order, answer, is_over=is_over)
        core = core._replace(before=whole)
        if name == "non-sequential" and is_long_fork(core.problem):
            name = "long-fork"
        return explain(self._history, core, order, name=name)


def _says_why(level: Level) -> bool:
    """Whether a violation names the operations that contradict each other."""
    return level.anomaly is not None and level.anomaly.data.get("pattern") != "no-view"
