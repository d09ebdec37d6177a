"""Adds to a counter that its sum tells apart."""

from __future__ import annotations

from math import ceil, log2
from typing import TYPE_CHECKING

import msgspec

from ._protocol import Op


if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from histories import Event

    from ._protocol import Context, Step, Worker


MOST_BITS = 53
"""Of an integer that every implementation of JSON can carry."""

SPARE = 1.5
"""How many times its share of the adds a client may make."""


def digits(f: str, *, workers: int, expected: float, signed: bool = False) -> _Digits:
    """Return a generator of adds whose sums say how many there are of each client.

    Each of some clients has a digit of its own in the sum, which its adds count up,
    or down. One whose add is indeterminate adds no more, so that its digit always
    says which of its adds a read has seen: the first ones.

    Args:
        f: The function that adds.
        workers: How many clients there are. If sums would be too large for JSON with
            all of them, only some of them add.
        expected: How many adds there will be, about.
        signed: Whether every other client subtracts.
    """
    adders = next(
        adders
        for adders in range(workers, 0, -1)
        if adders == 1 or adders * _bits(expected, adders) <= MOST_BITS
    )
    bits = min(_bits(expected, adders), MOST_BITS)
    return _Digits(f, bits, (0,) * adders, signed=signed)


def _bits(expected: float, adders: int) -> int:
    return ceil(log2(SPARE * expected / adders + 8))


class _Digits(msgspec.Struct, frozen=True):
    f: str
    bits: int
    counts: tuple[int, ...]
    signed: bool = False

    def next(self, context: Context) -> Step:
        free = self._adders(context.free)
        adders = free or self._adders(context.workers)
        if not adders:
            return None, self
        chosen = adders[int(context.rng.random() * len(adders))].id
        value = 1 << self.bits * chosen
        if self.signed and chosen % 2:
            value = -value
        counts = list(self.counts)
        counts[chosen] += 1
        after = msgspec.structs.replace(self, counts=tuple(counts))
        return Op(self.f, value, worker=chosen), after

    def update(self, context: Context, event: Event, worker: int) -> Self:
        del context, event, worker
        return self

    def _adders(self, workers: Iterable[Worker]) -> list[Worker]:
        """Return those of some clients that may add."""
        return [
            worker
            for worker in workers
            if worker.id < len(self.counts)
            # A process with another number comes after an indeterminate operation.
            and worker.process == worker.id
            and self.counts[worker.id] < (1 << self.bits) - 1
        ]
