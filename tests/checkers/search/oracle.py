"""Consistency by plain enumeration of orders: slow, and too simple to be wrong.

`linearization` and `sequentialization` return an order that proves a yes, or None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.search import OPEN


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers.search import Problem


def linearization(problem: Problem, *, delay_ns: int | None = None) -> list[int] | None:
    """Return an order that respects real time, or None if there is none.

    With a delay, a return precedes a call only if it is earlier by that much or more;
    the order within a process stays.
    """

    def before(first: int, second: int) -> bool:
        if _in_one_process(problem, first, second):
            return True
        if problem.returns[first] >= problem.calls[second]:
            return False
        if delay_ns is None:
            return True
        return problem.return_times[first] + delay_ns <= problem.call_times[second]

    return _order(problem, before)


def sequentialization(problem: Problem) -> list[int] | None:
    """Return an order that respects each process's own, or None if there is none."""
    return _order(problem, lambda a, b: _in_one_process(problem, a, b))


def _in_one_process(problem: Problem, first: int, second: int) -> bool:
    return (
        problem.processes[first] == problem.processes[second]
        and problem.returns[first] < problem.calls[second]
    )


def _order(problem: Problem, before: Callable[[int, int], bool]) -> list[int] | None:
    """Try every order: all that returned, and any of the open ones.

    What was tried in vain, the same operations done and the same state, is not tried
    again.
    """
    count = len(problem)
    predecessors = [
        {
            first
            for first in range(count)
            if first != second
            and problem.returns[first] != OPEN
            and before(first, second)
        }
        for second in range(count)
    ]
    required = {i for i in range(count) if problem.returns[i] != OPEN}
    automaton = problem.automaton
    tried: set[tuple[frozenset[int], int]] = set()

    def extend(order: list[int], state: int) -> list[int] | None:
        done = frozenset(order)
        if required <= done:
            return order
        if (done, state) in tried:
            return None
        tried.add((done, state))
        for candidate in range(count):
            if candidate in done or not predecessors[candidate] <= done:
                continue
            following = automaton.step(state, problem.classes[candidate])
            if following >= 0:
                found = extend([*order, candidate], following)
                if found is not None:
                    return found
        return None

    return extend([], automaton.initial)
