"""What reads of a counter reveal: which adds they saw, if deltas sum in one way only.

They do if each is greater than all smaller ones together, by magnitude, as powers of
a base are that is greater than the number of adds of each. Adds of the same delta are
told apart if they are of one process: a read that saw some of them is taken to have
seen the first ones, which asks the least of what else it must have seen.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ._revealed import Impossible, Revealed
from ._visibility import NO_END, Act


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.search import Problem
    from histories import OperationColumns


MOST_SHOWN = 5_000_000
"""How many adds all reads together may have seen: they are written out one by one."""


class _Digit(NamedTuple):
    """The adds of one delta.

    Attributes:
        delta: The delta.
        adds: Their positions, ascending.
        low: The least sum of all smaller digits.
        high: The greatest one.
    """

    delta: int
    adds: list[int]
    low: int
    high: int


def counter_acts(
    problem: Problem, key: int, positions: Sequence[int], columns: OperationColumns
) -> Revealed:
    """Return the operations on a counter as acts. Linear in what reads have seen.

    Args:
        problem: The operations.
        key: The number of the counter.
        positions: The operations' positions in the columns.
        columns: The history.
    """
    automaton = problem.automaton
    calls = [automaton.call(cls) for cls in range(len(automaton.pure))]
    groups: dict[int, list[int]] = {}
    reads: list[tuple[int, int]] = []
    for position, cls in zip(positions, problem.classes, strict=True):
        call = calls[cls]
        if call.f == "read":
            reads.append((position, call.output - automaton.model.initial))
        elif call.input != 0:
            groups.setdefault(call.input, []).append(position)
    digits = _digits(groups)
    if digits is None:
        return Revealed(lacking="several sums of deltas are the same")
    for digit in digits:
        lacking = _why_unclear(digit, columns)
        if lacking is not None:
            return Revealed(lacking=lacking)
    acts = [
        Act(position, key, updates=True)
        for adds in groups.values()
        for position in adds
    ]
    total = 0
    for position, value in reads:
        shown = _decoded(digits, value)
        if shown is None:
            clause = f"returned {value}, which is the sum of no choice of adds"
            return Revealed(
                impossible=Impossible("impossible-value", position, (), clause)
            )
        total += len(shown)
        if total > MOST_SHOWN:
            return Revealed(lacking="the reads together saw too many adds to be named")
        acts.append(Act(position, key, shown=shown))
    return Revealed(acts)


def _digits(groups: dict[int, list[int]]) -> list[_Digit] | None:
    """Return the adds by delta, the greatest magnitude first; None if sums repeat."""
    found: list[_Digit] = []
    low = high = 0
    for delta in sorted(groups, key=abs):
        adds = groups[delta]
        if abs(delta) <= high - low:
            return None
        found.append(_Digit(delta, adds, low, high))
        low += min(0, delta * len(adds))
        high += max(0, delta * len(adds))
    found.reverse()
    return found


def _decoded(digits: list[_Digit], value: int) -> list[int] | None:
    """Return the adds whose sum is a value; None if there are none."""
    shown: list[int] = []
    for digit in digits:
        # The one count that leaves something between `low` and `high`.
        if digit.delta > 0:
            count = -((digit.high - value) // digit.delta)
        else:
            count = -((value - digit.low) // -digit.delta)
        count = max(0, count)
        if count > len(digit.adds):
            return None
        shown += digit.adds[:count]
        value -= count * digit.delta
    return shown if value == 0 else None


def _why_unclear(digit: _Digit, columns: OperationColumns) -> str | None:
    """Return why the adds of a delta cannot be told apart, if they cannot."""
    if len({columns.process[position] for position in digit.adds}) > 1:
        return f"several processes add {digit.delta}"
    if any(columns.end[earlier] == NO_END for earlier, _ in pairwise(digit.adds)):
        return (
            f"it is unknown whether an add of {digit.delta} before others took effect"
        )
    return None
