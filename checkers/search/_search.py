"""One problem, or the problems of one history, within a budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from checkers._verdict import Reason

from ._frontier import frontier_search
from ._order import Answer, Budget, Order
from ._register_search import register_search
from ._table_search import table_search


if TYPE_CHECKING:
    from ._problem import Problem
    from ._table_search import Steps


NODES_A_TURN = 256
"""Nodes between two looks at the clock: a few milliseconds, seldom 50."""


def search(problem: Problem, order: Order, budget: Budget | None = None) -> Answer:
    """Return whether a problem has a witness that keeps an order."""
    return drive(_steps(problem, order), budget or Budget())


def drive(steps: Steps, budget: Budget) -> Answer:
    """Take a search to its answer, or to the end of a budget."""
    nodes, entries = next(steps)
    reason = None
    while True:
        limit = 0 if reason else min(budget.nodes, nodes + NODES_A_TURN)
        try:
            nodes, entries = steps.send(limit)
        except StopIteration as stop:
            found: Answer = stop.value
            return msgspec.structs.replace(found, reason=reason)
        if entries > budget.entries:
            reason = Reason.MEMORY
        elif nodes >= budget.nodes or budget.is_over():
            reason = Reason.TIMEOUT


def _steps(problem: Problem, order: Order) -> Steps:
    if order.kind != "real-time":
        return frontier_search(problem, order)
    if problem.register is not None:
        return register_search(problem)
    return table_search(problem)
