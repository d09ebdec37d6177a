"""One problem on its way to an answer: several searches, in turns."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from checkers._verdict import Reason

from ._frontier import frontier_search
from ._order import Answer
from ._problem import OPEN
from ._register_search import register_search
from ._table_search import table_search


if TYPE_CHECKING:
    from collections.abc import Callable

    from ._order import Budget, Order
    from ._problem import Problem
    from ._table_search import Steps


NODES_A_LOOK = 64
"""Nodes between two looks at the clock: less than a millisecond, seldom 50."""


SLACK = 8
"""Returns that the narrowest search leaves behind; each next one, four times that."""

NARROW_SHARE = 1 / 8
"""The part of a turn that narrow searches get, as there are several."""


class Purse:
    """What is left of a budget.

    Attributes:
        nodes: Nodes that may still be visited.
        entries: Entries that may still be made; less than 0 if there are too many.
        reason: Why nothing is left; None if something is.
    """

    __slots__ = ("_budget", "entries", "nodes", "reason")

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self.nodes = budget.nodes
        self.entries = budget.entries
        self.reason: Reason | None = None
        self.look()

    def look(self) -> None:
        """Look at the clock and at what is left."""
        if self.nodes <= 0 or self._budget.is_over():
            self.reason = Reason.TIMEOUT


class Way:
    """A search of a problem, one way.

    Attributes:
        nodes: Nodes visited.
        entries: Entries held.
    """

    __slots__ = ("_steps", "entries", "nodes")

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self.nodes, self.entries = next(steps)

    def go_on(self, allowance: int, purse: Purse) -> Answer | None:
        """Visit so many nodes, unless the purse is empty before; return the answer."""
        goal = self.nodes + min(allowance, purse.nodes)
        while self.nodes < goal and purse.reason is None and purse.entries >= 0:
            answer = self._send(min(goal, self.nodes + NODES_A_LOOK), purse)
            if answer is not None:
                return answer
        return None

    def give_up(self, purse: Purse) -> Answer:
        """Return what has been found."""
        answer = self._send(0, purse)
        assert answer is not None, "a search without nodes left ends"
        return answer

    def _send(self, limit: int, purse: Purse) -> Answer | None:
        nodes, entries = self.nodes, self.entries
        answer = None
        try:
            self.nodes, self.entries = self._steps.send(limit)
        except StopIteration as stop:
            answer = stop.value
            self.nodes, self.entries = stop.value.nodes, 0
        purse.nodes -= self.nodes - nodes
        purse.entries -= self.entries - entries
        purse.look()
        return answer


class Plan(NamedTuple):
    """A way to be begun.

    Attributes:
        begin: Begins it.
        share: Its part of each turn.
        can_refute: Whether its no is one.
    """

    begin: Callable[[], Steps]
    share: float = 1.0
    can_refute: bool = True


class Attempt:
    """A problem and its searches, each of which begins where those before are long.

    Attributes:
        problem: The problem.
        ways: Searches that go on.
        answer: The answer, once there is one.
    """

    __slots__ = ("_found", "_plans", "_unstarted", "answer", "problem", "ways")

    def __init__(self, problem: Problem, order: Order) -> None:
        self.problem = problem
        self.ways: list[Way] = []
        self.answer: Answer | None = None
        self._plans: dict[Way, Plan] = {}
        self._unstarted = plans(problem, order)[::-1]
        self._found: list[Answer] = []

    def go_on(self, allowance: int, purse: Purse) -> None:
        """Visit so many nodes each way, or until there is an answer."""
        for way in self.ways.copy():
            self._try(way, allowance, purse)
            if self.answer is not None:
                return
        while self._unstarted and self.answer is None and purse.reason is None:
            plan = self._unstarted.pop()
            way = Way(plan.begin())
            self._plans[way] = plan
            self.ways.append(way)
            self._try(way, allowance, purse)

    def give_up(self, way: Way, purse: Purse) -> None:
        """Do without a way. Without the last one, memory is the reason."""
        self._found.append(way.give_up(purse))
        self.ways.remove(way)
        if not self.ways and not self._unstarted:
            self.end(Reason.MEMORY, purse)

    def end(self, reason: Reason | None, purse: Purse) -> Answer:
        """Return the answer; without one, the best that was found, and why not more."""
        if self.answer is None:
            self._found += [way.give_up(purse) for way in self.ways]
            self.ways.clear()
            best = max(
                self._found, key=self._returned, default=Answer(outcome="unknown")
            )
            self.answer = self._explained(best, reason)
        return self.answer

    def _try(self, way: Way, allowance: int, purse: Purse) -> None:
        plan = self._plans[way]
        answer = way.go_on(int(allowance * plan.share), purse)
        if answer is None:
            return
        self.ways.remove(way)
        if answer.outcome == "no" and not plan.can_refute:
            self._found.append(msgspec.structs.replace(answer, outcome="unknown"))
            return
        self._found += [other.give_up(purse) for other in self.ways]
        self._found.append(answer)
        self.ways.clear()
        self.answer = self._explained(answer, None)

    def _explained(self, answer: Answer, reason: Reason | None) -> Answer:
        """Return an answer with the nodes of all ways, and with what is in the way."""
        nodes = sum(one.nodes for one in self._found)
        if answer.outcome == "yes":
            return msgspec.structs.replace(answer, nodes=nodes)
        placed = set(answer.prefix)
        returns = self.problem.returns
        stuck = min(
            (i for i, end in enumerate(returns) if end != OPEN and i not in placed),
            key=returns.__getitem__,
            default=None,
        )
        explanation = {"stuck": stuck, "open": returns.count(OPEN)}
        return msgspec.structs.replace(
            answer, nodes=nodes, reason=reason, explanation=explanation
        )

    def _returned(self, answer: Answer) -> int:
        return sum(self.problem.returns[i] != OPEN for i in answer.prefix)


def plans(problem: Problem, order: Order) -> list[Plan]:
    """Return the searches that fit a problem and an order, in the order of turns."""
    if order.kind == "real-time":
        if problem.register is None:
            return [
                Plan(partial(table_search, problem)),
                Plan(partial(table_search, problem, breadth_first=True)),
            ]
        found = [Plan(partial(register_search, problem))]
        if OPEN in problem.returns:
            thrifty = partial(
                register_search, problem, breadth_first=True, thrifty=True
            )
            found.append(Plan(thrifty, can_refute=False))
        found.append(Plan(partial(register_search, problem, breadth_first=True)))
        return found
    slack, found = SLACK, []
    while 4 * slack < len(problem):
        narrow = partial(frontier_search, problem, order, slack=slack)
        found.append(Plan(narrow, NARROW_SHARE, can_refute=False))
        slack *= 4
    found.append(Plan(partial(frontier_search, problem, order)))
    found.append(Plan(partial(frontier_search, problem, order, breadth_first=True)))
    return found
