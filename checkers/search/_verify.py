"""Whether a witness is one: the other way to a yes, which knows no search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._order import openings
from ._problem import OPEN


if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._order import Order
    from ._problem import Problem


def verify(problem: Problem, order: Order, witness: Sequence[int]) -> bool:
    """Return whether a witness proves that a problem has an order of this kind.

    It does if it holds every operation that returned, holds none twice, keeps the
    order, and is legal from the initial state on. Linear.
    """
    missing = set(range(len(problem))).difference(witness)
    return (
        all(problem.returns[i] == OPEN for i in missing)
        and len(missing) + len(witness) == len(problem)
        and keeps_order(problem, order, witness)
        and final_state(problem, witness) is not None
    )


def keeps_order(problem: Problem, order: Order, prefix: Sequence[int]) -> bool:
    """Return whether no operation comes after one that it must precede. Linear.

    Read from its end, an order is kept if the earliest return that was met, of all
    and of each process, is not before the operation: see `openings`.
    """
    opening = openings(problem, order)
    earliest = OPEN
    earliest_of: dict[int, int] = {}
    for i in reversed(prefix):
        if earliest < opening[i]:
            return False
        process, end = problem.processes[i], problem.returns[i]
        first = earliest_of.get(process, OPEN)
        if order.kind != "real-time" and first < problem.calls[i]:
            return False
        earliest = min(earliest, end)
        earliest_of[process] = min(first, end)
    return True


def final_state(problem: Problem, prefix: Sequence[int]) -> int | None:
    """Return the state after an order of operations; None if one of them is illegal."""
    automaton = problem.automaton
    state = automaton.initial
    for i in prefix:
        state = automaton.step(state, problem.classes[i])
        if state < 0:
            return None
    return state
