"""Adds to a counter that its sum tells apart."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, log2
from typing import TYPE_CHECKING

import msgspec

from ._protocol import Heedless, Op


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ._protocol import Context, Step, Worker


MOST_BITS = 53
"""Of an integer that every implementation of JSON can carry."""

LEAST_BITS, HANDY_BITS = 2, 4
"""Of a digit: one add can be counted, or seven, and it shows if they are so twice."""

RESERVE = 1 / 3
"""Of all bits, for clients that come after others."""

_NOBODY = -1

ALWAYS = 5
"""So many clients add, if there are as many, though there is room for few adds of each:
a node that nobody adds on is hardly tested."""


def digits(
    f: str,
    *,
    workers: int,
    expected: float,
    otherwise: str,
    signed: bool = False,
    faults: bool = False,
) -> _Digits:
    """Return a generator of adds whose sums say how many there are of each client.

    Each client has a digit of its own in the sum, which its adds count up, or down. One
    whose add is indeterminate adds no more, so that its digit always says which of its
    adds a read has seen: the first ones. Who comes after it gets another digit, of bits
    that were kept back for that or are not used, as long as there are any. A client
    without a digit does not add. If there is room for few adds, they are spread over
    what is left of the run.

    Args:
        f: The function that adds.
        workers: How many clients there are at a time. If sums would be too large for
            JSON with all of them, only some of them add.
        expected: How many adds there will be, about.
        otherwise: The function for when it is a client's turn that may not add.
        signed: Whether every other client subtracts.
        faults: Whether adds may become indeterminate, so that bits are kept back.
    """
    bits = round(MOST_BITS * (1 - RESERVE)) if faults else MOST_BITS
    adders = next(
        adders
        for adders in range(workers, 0, -1)
        if adders <= ALWAYS or adders * _bits(expected / adders) <= bits
    )
    edges = [bits * adder // adders for adder in range(adders + 1)]
    first = [
        _Digit(low, high - low, adder)
        for adder, (low, high) in enumerate(pairwise(edges))
    ]
    return _Digits(
        f,
        otherwise,
        (*first, _Digit(bits, MOST_BITS - bits, _NOBODY)),
        adders,
        expected,
        signed=signed,
    )


def _bits(adds: float) -> int:
    """Return how many bits a digit needs for so many adds, or half as many again."""
    return ceil(log2(1.5 * adds + 8)) + 1


class _Digit(msgspec.Struct, frozen=True):
    """Some bits of a sum.

    Attributes:
        low: The first one.
        bits: How many they are.
        process: Whose they are.
        count: How many adds there were.
    """

    low: int
    bits: int
    process: int
    count: int = 0

    @property
    def room(self) -> int:
        """How many more adds there may be, such that all could be counted twice."""
        return (1 << self.bits - 1) - 1 - self.count

    @property
    def unused(self) -> int:
        """How many bits could be used otherwise if there were no more adds."""
        return self.bits - (self.count.bit_length() + 1 if self.count else 0)


class _Digits(Heedless, frozen=True):
    """The generator.

    Attributes:
        f: The function that adds.
        otherwise: The function for when it is the turn of a client that may not add.
        digits: All digits that there are.
        adders: How many clients may add: the first ones.
        turns: How many turns are expected to come.
        signed: Whether every other client subtracts.
    """

    f: str
    otherwise: str
    digits: tuple[_Digit, ...]
    adders: int
    turns: float
    signed: bool = False

    def next(self, context: Context) -> Step:
        after = msgspec.structs.replace(self, turns=self.turns - 1)
        free = [worker for worker in context.free if worker.id < self.adders]
        if not free:
            return Op(self.otherwise), after
        chosen = free[int(context.rng.random() * len(free))]
        digits = list(self.digits)
        number = self._number_of(chosen, digits)
        if number is None:
            number = self._give(chosen, digits, context.workers)
        if number is None:
            return Op(self.otherwise, worker=chosen.id), after
        digit = digits[number]
        # Of the turns that are left, so many are this client's.
        share = max(1, self.turns / self.adders)
        if digit.room < share and context.rng.random() * share >= digit.room:
            return Op(self.otherwise, worker=chosen.id), after
        digits[number] = msgspec.structs.replace(digit, count=digit.count + 1)
        value = 1 << digit.low
        if self.signed and chosen.id % 2:
            value = -value
        after = msgspec.structs.replace(after, digits=tuple(digits))
        return Op(self.f, value, worker=chosen.id), after

    @staticmethod
    def _number_of(worker: Worker, digits: Sequence[_Digit]) -> int | None:
        """Return which digit is a worker's, as the process that it is now."""
        return next(
            (
                number
                for number, digit in enumerate(digits)
                if digit.process == worker.process
            ),
            None,
        )

    @staticmethod
    def _give(
        worker: Worker, digits: list[_Digit], workers: Iterable[Worker]
    ) -> int | None:
        """Cut a digit for a worker off another; return which it is, or None.

        Half of what is unused stays for others who come later, or for whose it is; but
        nobody who is gone keeps what is hardly enough for one.
        """
        present = {each.process for each in workers}
        parts = [
            digit.unused // 2
            if digit.process in present
            else max(digit.unused // 2, min(digit.unused, HANDY_BITS))
            for digit in digits
        ]
        bits = max(parts)
        if bits < LEAST_BITS:
            return None
        number = parts.index(bits)
        kept = digits[number].bits - bits
        digits[number] = msgspec.structs.replace(digits[number], bits=kept)
        digits.append(_Digit(digits[number].low + kept, bits, worker.process))
        return len(digits) - 1
