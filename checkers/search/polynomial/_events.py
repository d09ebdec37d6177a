"""A problem's events in their order, for sweeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.search._problem import OPEN


if TYPE_CHECKING:
    from checkers.search._problem import Problem


def events_of(problem: Problem) -> list[int]:
    """Return, by event: the operation `i` that returns, or `~i` of the one called."""
    events = [0] * (2 * len(problem) - problem.returns.count(OPEN))
    for i, event in enumerate(problem.calls):
        events[event] = ~i
    for i, event in enumerate(problem.returns):
        if event != OPEN:
            events[event] = i
    return events
