"""Which search for which problem, and how several share a budget.

There are three searches, and each goes depth first or breadth first:

* `register_search` for one register in real time,
* `table_search` for anything else in real time,
* `frontier_search` for all other orders.

None of the two ways is best: depth first is done in no time where there is a witness
and may take for ever where there is none, and often it is the other way round breadth
first. So they take turns, each twice as long as the last, depth first first: the
answer comes after at most about three times the nodes of the better one. When all
remember too much together, the one that remembers most is dropped.

Operations on a register that never returned are used up by a search that goes astray,
and missed much later: to come back takes for ever. Between the two, a *thrifty* search
goes breadth first and saves them; it finds a witness where there is one most often, and
refutes nothing.

Where operations may be late by as much as they like, a search goes astray: nothing
forces an early mistake to show early. Real systems, though, are seldom late by much.
So before `frontier_search` looks at the order that is asked for, it looks at stricter
ones, in which operations are late by a few others only, then by more.

Problems take turns likewise. The keys of a history are problems, and one that takes
for ever must not keep an easy violation in another from being found. With the first
no, all is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from histories._collector import collector_paused

from ._attempt import Attempt, Purse
from ._order import Answer, Budget


if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._order import Order
    from ._problem import Problem


FIRST_TURN_NODES = 50_000
"""Nodes of a first turn, to which come `NODES_AN_OPERATION` for each operation."""

NODES_AN_OPERATION = 20


def search(problem: Problem, order: Order, budget: Budget | None = None) -> Answer:
    """Return whether a problem has a witness that keeps an order."""
    return search_all([problem], order, budget)[0]


def search_all(
    problems: Sequence[Problem], order: Order, budget: Budget | None = None
) -> list[Answer]:
    """Return, for each problem, whether it has a witness that keeps an order.

    They share the budget. The first `no` ends it all: what is not decided then is
    left, `unknown` without a reason. The deadline, a cancellation and the last node
    end it as well, with the reason TIMEOUT. If there are too many entries, the search
    that has most is given up; a problem without a search left has the reason MEMORY.

    Unless an answer is `yes`, its explanation has `stuck`, the operation that returned
    first of those not in the prefix, and `open`, how many never returned.
    """
    with collector_paused():
        return _search_all(problems, order, Purse(budget or Budget()))


def _search_all(
    problems: Sequence[Problem], order: Order, purse: Purse
) -> list[Answer]:
    attempts = [Attempt(problem, order) for problem in problems]
    waiting = attempts
    turns = 1
    while waiting and purse.reason is None:
        for attempt in waiting:
            first = FIRST_TURN_NODES + NODES_AN_OPERATION * len(attempt.problem)
            attempt.go_on(first * turns, purse)
            _relieve(attempts, purse)
            if attempt.answer is not None and attempt.answer.outcome == "no":
                return [one.end(None, purse) for one in attempts]
            if purse.reason is not None:
                break
        waiting = [one for one in waiting if one.answer is None]
        turns *= 2
    return [one.end(purse.reason, purse) for one in attempts]


def _relieve(attempts: list[Attempt], purse: Purse) -> None:
    """Give up searches until there are not too many entries."""
    while purse.entries < 0:
        attempt, way = max(
            ((one, way) for one in attempts for way in one.ways),
            key=lambda pair: pair[1].entries,
        )
        attempt.give_up(way, purse)
