"""Puts operations that change nothing into an order of the others.

A test decides by the operations that matter, and those that are left, such as failed
cas operations, have to find a place in its witness. The order of the others stays as
it is, so a place is a gap in it: gap `g` is the one before the operation at position
`g`. What precedes an operation bounds its gaps from below, what it precedes from above.
Operations are put in by call, each in its first gap where it is legal: as an earlier
gap leaves more to those that come later, this finds gaps for all if there are any.
Linear, as long as finding a gap is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.search._order import openings
from checkers.search._problem import OPEN


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from checkers.search._order import Order
    from checkers.search._problem import Problem


def insert(
    problem: Problem,
    order: Order,
    base: Sequence[int],
    idle: Sequence[int],
    place: Callable[[int, int], int],
) -> list[int] | None:
    """Return the order of operations with others put in, or None.

    Args:
        problem: The problem.
        order: What has to be kept.
        base: Operations in an order that keeps it.
        idle: Others, ascending, that returned and change nothing.
        place: Given one of these and a gap, returns the first gap from there on where
            it is legal, or one behind the last.
    """
    last_gap = _last_gaps(problem, order, base, idle)
    first_gap = _FirstGaps(problem, order, base)
    waiting: list[list[int]] = [[] for _ in range(len(base) + 1)]
    for i in idle:
        gap = place(i, first_gap.of(i))
        if gap > last_gap[i]:
            return None
        first_gap.take(i, gap)
        waiting[gap].append(i)
    merged = waiting[0]
    for position, i in enumerate(base):
        merged.append(i)
        merged += waiting[position + 1]
    return merged


def insert_anywhere(
    problem: Problem, order: Order, base: Sequence[int], idle: Sequence[int]
) -> list[int]:
    """Return the order of operations with others put in that are legal everywhere."""
    if not idle:
        return list(base)
    merged = insert(problem, order, base, idle, lambda _, gap: gap)
    assert merged is not None, "what is legal everywhere has a place"
    return merged


class _FirstGaps:
    """The gaps behind all that precedes an operation, for operations by call."""

    def __init__(self, problem: Problem, order: Order, base: Sequence[int]) -> None:
        self._problem = problem
        self._opening = openings(problem, order)
        self._in_process = order.kind != "real-time"
        self._gap = dict(zip(base, range(1, len(base) + 1), strict=True))
        self._by_return = sorted(
            (end, i) for i, end in enumerate(problem.returns) if end != OPEN
        )
        self._passed = 0
        self._gap_now = 0
        self._calls_passed = 0
        self._gap_of_process: dict[int, int] = {}

    def take(self, i: int, gap: int) -> None:
        """Note the gap that an operation was put in."""
        self._gap[i] = gap

    def of(self, i: int) -> int:
        """Return the first gap that is not before anything that precedes it."""
        while (
            self._passed < len(self._by_return)
            and self._by_return[self._passed][0] < self._opening[i]
        ):
            other = self._by_return[self._passed][1]
            self._gap_now = max(self._gap_now, self._gap.get(other, 0))
            self._passed += 1
        if not self._in_process:
            return self._gap_now
        processes, returns = self._problem.processes, self._problem.returns
        for other in range(self._calls_passed, i):
            if returns[other] != OPEN:
                process = processes[other]
                known = self._gap_of_process.get(process, 0)
                self._gap_of_process[process] = max(known, self._gap.get(other, 0))
        self._calls_passed = i
        return max(self._gap_now, self._gap_of_process.get(processes[i], 0))


def _last_gaps(
    problem: Problem, order: Order, base: Sequence[int], idle: Sequence[int]
) -> dict[int, int]:
    """Return, by idle operation, the last gap that is before all that it precedes."""
    opening, returns = openings(problem, order), problem.returns
    position = dict(zip(base, range(len(base)), strict=True))
    last = {}
    gap, later = len(base), len(problem)
    for i in sorted(idle, key=returns.__getitem__, reverse=True):
        while later and opening[later - 1] > returns[i]:
            later -= 1
            gap = min(gap, position.get(later, gap))
        last[i] = gap
    if order.kind == "real-time":
        return last
    gap_of: dict[int, int] = {}
    for i in range(len(problem) - 1, -1, -1):
        process = problem.processes[i]
        if i in last:
            last[i] = min(last[i], gap_of.get(process, len(base)))
        elif i in position:
            gap_of[process] = min(gap_of.get(process, len(base)), position[i])
    return last
