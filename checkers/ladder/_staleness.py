"""How stale: by how much real time has to be relaxed to make a history linearizable.

A history that is sequentially consistent and not linearizable has operations that take
effect as if they had been made earlier, or later, than they were. Its *lag* is the
least time such that an order explains all results in which no operation comes before
one that had returned longer ago when it was called. Every order has a lag: the longest
time between the return of an operation and the call of one that comes before it. So
only differences between calls and returns can be the least one, and the search halves
what is left of them.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from checkers.search import OPEN, relaxed

from ._decide import decide


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.search import Budget, Problem


class Inversion(NamedTuple):
    """Two operations whose order is not that of real time.

    Attributes:
        lag_ns: Time from the return of the first one to the call of the second one.
        first: The operation that returned.
        second: The one that was called after that, and comes before the first one.
    """

    lag_ns: int
    first: int
    second: int


class Staleness(NamedTuple):
    """How far behind clients are, at most.

    Attributes:
        least_ns: The lag is not less.
        inversion: The lag is not more; and two operations that need it.
    """

    least_ns: int
    inversion: Inversion

    @property
    def is_exact(self) -> bool:
        """Whether the lag is known exactly."""
        return self.least_ns == self.inversion.lag_ns


def find_staleness(
    problem: Problem, witness: Sequence[int], budget: Budget, *, at_least: int = 0
) -> Staleness:
    """Return the lag of a history that is not linearizable.

    Args:
        problem: The history.
        witness: An order that keeps those of processes and explains all results.
        budget: For each search; a search past it leaves the lag inexact.
        at_least: A time that is known to be no more than the lag.
    """
    times = _Times(problem)
    best = times.longest_inversion(witness)
    assert best is not None, "an order that keeps real time would be a linearization"
    least = times.shortest_lag(at_least)
    # What is known of the lag may be all there is to know, so that it is tried first.
    middle = least + 1
    while least < best.lag_ns and not budget.is_over():
        answer = decide(problem, relaxed(middle), budget)
        if answer.outcome == "unknown":
            break
        if answer.outcome == "no":
            least = times.shortest_lag(middle)
        else:
            shorter = times.longest_inversion(answer.order)
            assert shorter is not None, "an order that keeps real time would be too"
            assert shorter.lag_ns < middle, "the order was asked to be as close"
            best = shorter
        middle = (least + best.lag_ns + 1) // 2
    return Staleness(least, best)


class _Times:
    """Calls and returns with the latest time so far, should a clock have gone back."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        count = len(problem)
        events = sorted(
            [(call, i) for i, call in enumerate(problem.calls)]
            + [(end, ~i) for i, end in enumerate(problem.returns) if end != OPEN]
        )
        self._called = [0] * count
        self._returned = [0] * count
        self._ends: list[int] = []
        self._end_times: list[int] = []
        now: int | None = None
        for event, i in events:
            time = problem.call_times[i] if i >= 0 else problem.return_times[~i]
            now = time if now is None else max(now, time)
            if i >= 0:
                self._called[i] = now
            else:
                self._returned[~i] = now
                self._ends.append(event)
                self._end_times.append(now)

    def longest_inversion(self, order: Sequence[int]) -> Inversion | None:
        """Return the lag of an order; None if it keeps real time. Linear."""
        problem = self._problem
        found: Inversion | None = None
        earliest: int | None = None
        for i in reversed(order):
            if earliest is not None and problem.returns[earliest] < problem.calls[i]:
                lag = self._called[i] - self._returned[earliest]
                if found is None or lag > found.lag_ns:
                    found = Inversion(lag, earliest, i)
            if earliest is None or problem.returns[i] < problem.returns[earliest]:
                earliest = i
        return found

    def shortest_lag(self, at_least: int) -> int:
        """Return the least time from a return to a call after it that is so long.

        There has to be one. `n log n`.
        """
        best: int | None = None
        for call, time in zip(self._problem.calls, self._called, strict=True):
            # Times are in the order of events, so those that are early enough are
            # the first ones, and the last of them is nearest.
            count = min(
                bisect_right(self._end_times, time - at_least),
                bisect_right(self._ends, call),
            )
            if count:
                lag = time - self._end_times[count - 1]
                best = lag if best is None else min(best, lag)
        assert best is not None, "a shorter one was found not to be enough"
        return best
