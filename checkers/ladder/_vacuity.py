"""Whether a history says anything about its model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.search import OPEN


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checkers.search import Problem


MOST_STATES = 1000


def observes(problem: Problem, order: Sequence[int]) -> bool:
    """Return whether an operation could have been illegal.

    Reads could have. Of other operations that returned, one could have if it is illegal
    in one of the first states on the way of an order. Adds to a counter alone are legal
    whatever happens, and a history of them says nothing.
    """
    automaton, classes = problem.automaton, problem.classes
    returned = {
        cls for cls, end in zip(classes, problem.returns, strict=True) if end != OPEN
    }
    if any(automaton.pure[cls] and automaton.call(cls).f != "add" for cls in returned):
        return True
    states = {automaton.initial}
    state = automaton.initial
    for i in order[:MOST_STATES]:
        state = automaton.step(state, classes[i])
        states.add(state)
    return any(automaton.step(state, cls) < 0 for state in states for cls in returned)


def any_observes(parts: Iterable[tuple[Problem, Sequence[int]]]) -> bool:
    """Return whether one of several problems observes anything; see `observes`."""
    return any(observes(problem, order) for problem, order in parts)
