"""Which values some of a number of adds can sum to.

A counter may show any subset of the adds that could have reached it. Deciding whether
a value is the sum of a subset is NP-hard in the size of the numbers, and cheap when
the sums span a modest range: then the reachable sums are the set bits of one integer,
shifted and united once per power of two of how often each delta occurs.

Where the numbers have a digit each, `_digits` knows better, however far apart they are.

All these classes only ever err by containing too much, so that a value outside is
proof; `exact` says whether a value inside is proof as well.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from math import gcd
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from ._digits import DigitSums, RunningDigits, digits_of, running_digits


if TYPE_CHECKING:
    from collections.abc import Iterable


_WIDEST_SPAN = 1 << 24
"""Sums are enumerated only within so many consecutive integers (2 MB of bits)."""

_MOST_WORK = 1 << 34
"""Bits that may be shifted in total: about two seconds."""

_MOST_RANGES = 8
"""Ranges that `RunningSums` keeps before it takes them for one."""


class SubsetSums(msgspec.Struct, frozen=True):
    """The sums of all subsets of some integers, added to a fixed one.

    Attributes:
        low: The least sum.
        high: The greatest sum.
        bits: Bit `i` is set if `low + i` is a sum; None where the sums span too much
            to enumerate, and every value from `low` to `high` counts as one.
    """

    low: int
    high: int
    bits: int | None

    @property
    def exact(self) -> bool:
        """Whether every value contained is the sum of a subset."""
        return self.bits is not None

    def __contains__(self, value: int) -> bool:
        if not self.low <= value <= self.high:
            return False
        return self.bits is None or bool(self.bits >> (value - self.low) & 1)

    def distance(self, value: int) -> int:
        """Return the least that has to be added to a value to make it a sum.

        Where sums lie on both sides, it is the way to the next one above: what is
        missing is more likely than what is too much.
        """
        if value < self.low:
            return self.low - value
        if value > self.high:
            return self.high - value
        if self.bits is None:
            return 0
        above = self.bits >> (value - self.low)
        return (above & -above).bit_length() - 1

    def ranges(self, limit: int) -> list[tuple[int, int]]:
        """Return the first `limit` maximal ranges of consecutive sums, as pairs."""
        if self.bits is None:
            return [(self.low, self.high)]
        found: list[tuple[int, int]] = []
        bits, position = self.bits, self.low
        while bits and len(found) < limit:
            zeros = (bits & -bits).bit_length() - 1
            bits >>= zeros
            ones = (~bits & (bits + 1)).bit_length() - 1
            position += zeros
            found.append((position, position + ones - 1))
            bits >>= ones
            position += ones
        return found


Sums: TypeAlias = SubsetSums | DigitSums
Running: TypeAlias = "RunningSums | RunningDigits"


def subset_sums(deltas: Iterable[int], *, base: int = 0) -> Sums:
    """Return the sums `base` plus any subset of `deltas`.

    Linear in the number of deltas; then, with `d` distinct deltas that occur at most
    `m` times and sums that span `w`, about `d * log(m) * w / 64` machine words.
    """
    counts = Counter(delta for delta in deltas if delta)
    digits = digits_of(counts)
    if digits is not None:
        return DigitSums.of(digits, base)
    low = base + sum(delta * count for delta, count in counts.items() if delta < 0)
    high = base + sum(delta * count for delta, count in counts.items() if delta > 0)
    span = high - low + 1
    shifts = sum(count.bit_length() for count in counts.values())
    if span > _WIDEST_SPAN or span * shifts > _MOST_WORK:
        return SubsetSums(low=low, high=high, bits=None)
    # Choosing a negative delta is leaving out its opposite once the base is the sum of
    # all negative ones: every shift is to the left, from `low`.
    bits = 1
    for delta, count in counts.items():
        step = 1
        while count:
            taken = min(step, count)
            bits |= bits << (abs(delta) * taken)
            count -= taken  # noqa: PLW2901 what is left of this delta
            step *= 2
    return SubsetSums(low=low, high=high, bits=bits)


class RunningSums:
    """The sums of all subsets of integers that arrive one by one.

    Kept as ranges of multiples of `unit`, which must divide all of them. Adds of
    comparable size soon fill one range, and arrive in constant time from then on.
    More ranges than a few are taken for one, and the sums are no longer exact.
    """

    def __init__(self, unit: int = 1) -> None:
        self._unit = unit or 1
        self._lows = [0]
        self._highs = [0]
        self.exact = True

    @property
    def low(self) -> int:
        """The least sum."""
        return self._lows[0] * self._unit

    @property
    def high(self) -> int:
        """The greatest sum."""
        return self._highs[-1] * self._unit

    def __contains__(self, value: int) -> bool:
        quotient, remainder = divmod(value, self._unit)
        if remainder:
            return False
        position = bisect_right(self._lows, quotient) - 1
        return position >= 0 and quotient <= self._highs[position]

    def add(self, delta: int) -> None:
        """Let one more integer take part."""
        delta //= self._unit
        lows, highs = self._lows, self._highs
        if len(lows) == 1 and abs(delta) <= highs[0] - lows[0] + 1:
            if delta > 0:
                highs[0] += delta
            else:
                lows[0] += delta
            return
        both = sorted(
            [
                *zip(lows, highs, strict=True),
                *(
                    (low + delta, high + delta)
                    for low, high in zip(lows, highs, strict=True)
                ),
            ]
        )
        lows, highs = [both[0][0]], [both[0][1]]
        for low, high in both:
            if low > highs[-1] + 1:
                lows.append(low)
                highs.append(high)
            elif high > highs[-1]:
                highs[-1] = high
        if len(lows) > _MOST_RANGES:
            lows, highs = [lows[0]], [highs[-1]]
            self.exact = False
        self._lows, self._highs = lows, highs


def running_sums(deltas: Iterable[int]) -> Running:
    """Return the sums of subsets of integers that will arrive one by one: of these."""
    deltas = list(deltas)
    return running_digits(deltas) or RunningSums(unit_of(deltas))


def unit_of(deltas: Iterable[int]) -> int:
    """Return the greatest integer that divides all deltas; 1 if all are 0."""
    return gcd(*set(deltas)) or 1
