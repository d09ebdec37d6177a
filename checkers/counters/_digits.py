"""Sums that tell of which integers they are made, because each has a digit of its own.

They do if every integer is greater than all smaller ones together, by magnitude, as
often as they occur; so are powers of a base that are added less often than that. Then
the sums are ordered like the numbers of how often each integer is in them, the greatest
first, and whether something is a sum takes a division for each different integer,
however far apart the sums are.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import msgspec


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


ROOM = 16
"""The least base of digits that are taken to be there on purpose."""

MOST_TIMES = 3
"""How often each add may be counted in a value that tells so; others are made of parts."""


class Digit(NamedTuple):
    """How often an integer occurs."""

    delta: int
    times: int


def digits_of(counts: Mapping[int, int]) -> tuple[Digit, ...] | None:
    """Return integers with their counts, the greatest first; None if they do not tell.

    >>> digits_of({1: 9, 10: 2})
    (Digit(delta=10, times=2), Digit(delta=1, times=9))
    >>> digits_of({1: 10, 10: 2}) is None
    True
    """
    span = 0
    digits = [Digit(delta, counts[delta]) for delta in sorted(counts, key=abs)]
    for delta, count in digits:
        if abs(delta) <= span:
            return None
        span += abs(delta) * count
    return tuple(reversed(digits))


class DigitSums(msgspec.Struct, frozen=True):
    """The sums of all subsets of such integers, added to a fixed one.

    Attributes:
        digits: The integers, the greatest first.
        low: The least sum.
        high: The greatest sum.
    """

    digits: tuple[Digit, ...]
    low: int
    high: int

    @classmethod
    def of(cls, digits: tuple[Digit, ...], base: int = 0) -> DigitSums:
        """Return the sums `base` plus any subset."""
        return cls(
            digits,
            base + sum(min(0, delta * count) for delta, count in digits),
            base + sum(max(0, delta * count) for delta, count in digits),
        )

    @property
    def exact(self) -> bool:
        """Whether every value contained is the sum of a subset."""
        return True

    def __contains__(self, value: int) -> bool:
        return holds(self.digits, value - self.low)

    def distance(self, value: int) -> int:
        """Return the least that has to be added to a value to make it a sum.

        Where sums lie on both sides, it is the way to the next one above.
        """
        above = _next_above(self.digits, value - self.low)
        return self.high - value if above is None else self.low + above - value

    def ranges(self, limit: int) -> list[tuple[int, int]]:
        """Return the first `limit` maximal ranges of consecutive sums, as pairs."""
        ones = [digit.times for digit in self.digits if abs(digit.delta) == 1]
        run = sum(ones)
        found: list[tuple[int, int]] = []
        begin = _next_above(self.digits, 0)
        while begin is not None and len(found) < limit:
            end = begin + run
            while holds(self.digits, end + 1):
                end += 1 + run
            found.append((self.low + begin, self.low + end))
            begin = _next_above(self.digits, end + 1)
        return found

    def counts(self, value: int) -> dict[int, int]:
        """Return how often each integer is in a value, which is a sum."""
        rest, found = value - self.low, {}
        for delta, count in self.digits:
            number, rest = divmod(rest, abs(delta))
            found[delta] = number if delta > 0 else count - number
        assert not rest, "the value is a sum"
        return found


class RunningDigits:
    """The same for integers that arrive one by one; how many there will be is known.

    Attributes:
        low: The least sum.
        high: The greatest sum.
    """

    exact = True

    def __init__(self, digits: Sequence[Digit]) -> None:
        """Begin with none.

        Args:
            digits: All integers that will arrive, the greatest first.
        """
        self.low = self.high = 0
        self._counts = {digit.delta: 0 for digit in digits}

    @property
    def digits(self) -> tuple[Digit, ...]:
        """The integers that have arrived, the greatest first."""
        return tuple(Digit(*item) for item in self._counts.items())

    def __contains__(self, value: int) -> bool:
        return holds(self._counts.items(), value - self.low)

    def add(self, delta: int) -> None:
        """Let one more integer take part."""
        self._counts[delta] += 1
        if delta > 0:
            self.high += delta
        else:
            self.low += delta


def holds(digits: Iterable[tuple[int, int]], above: int) -> bool:
    """Return whether a value is a sum, given by how much it is above the least."""
    if above < 0:
        return False
    for delta, count in digits:
        size = abs(delta)
        above -= min(above // size, count) * size
    return above == 0


def _next_above(digits: Sequence[Digit], above: int) -> int | None:
    """Return the least sum that is no less than a value, both above the least sum."""
    if above <= 0:
        return 0
    if not digits:
        return None
    size = abs(digits[0].delta)
    number = min(above // size, digits[0].times)
    rest = _next_above(digits[1:], above - number * size)
    if rest is not None:
        return number * size + rest
    return (number + 1) * size if number < digits[0].times else None


class Excess(NamedTuple):
    """An integer that is in a value more often than there is of it."""

    delta: int
    shown: int
    made: int


def excess_of(digits: Sequence[Digit], value: int) -> list[Excess]:
    """Return what a value shows too often; nothing if that cannot be told.

    It can if each integer is a multiple of the one before, by `ROOM` at least: then
    there is room in the sum for more of each than there is. Less is enough for some, if
    all there is of one could be counted twice. Many more, or what there is none of, are
    rather something else.
    """
    found: list[Excess] = []
    ascending = tuple(reversed(digits))
    bases = [abs(right.delta) // abs(left.delta) for left, right in pairwise(ascending)]
    if any(right.delta % left.delta for left, right in pairwise(ascending)):
        return []
    if not bases or max(bases) < ROOM:
        return []
    if any(
        base < min(ROOM, 2 * digit.times + 1)
        for base, digit in zip(bases, ascending, strict=False)
    ):
        return []
    for position, (delta, count) in enumerate(ascending):
        number, rest = divmod(value, delta)
        if rest:
            return []
        if position < len(bases):
            number %= bases[position]
        value -= number * delta
        if number < 0:
            return []
        if number > MOST_TIMES * count:
            return []
        if number > count:
            found.append(Excess(delta, number, count))
    return found if value == 0 else []


def running_digits(deltas: Iterable[int]) -> RunningDigits | None:
    """Return the sums of these integers as they arrive; None if they do not tell."""
    digits = digits_of(Counter(delta for delta in deltas if delta))
    return None if digits is None else RunningDigits(digits)
