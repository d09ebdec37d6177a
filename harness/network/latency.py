"""How long a message takes from one node to another.

Every distribution is given by its mean; a mean of 0 is no delay at all, whatever the
distribution.
"""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

import msgspec


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random


_SIGMA: Final = 1.0


class Latency(Protocol):
    """A distribution of delays."""

    @property
    def mean_ns(self) -> int:
        """The mean, in nanoseconds."""
        ...

    def draw(self, rng: Random) -> int:
        """Return a delay of at least 0 nanoseconds."""
        ...


class Constant(msgspec.Struct, frozen=True):
    """Always the mean, so that a link keeps the order of its messages."""

    mean_ns: int

    def draw(self, rng: Random) -> int:
        """Return the mean; `rng` is not used."""
        del rng
        return self.mean_ns


class Uniform(msgspec.Struct, frozen=True):
    """Anything from 0 to twice the mean, equally likely."""

    mean_ns: int

    def draw(self, rng: Random) -> int:
        """Return a delay below twice the mean."""
        return int(rng.random() * 2 * self.mean_ns)


class Exponential(msgspec.Struct, frozen=True):
    """Mostly below the mean, now and then far above: 1 in 100 takes 4.6 times as long."""

    mean_ns: int

    def draw(self, rng: Random) -> int:
        """Return a delay without an upper bound."""
        return int(-math.log(1.0 - rng.random()) * self.mean_ns)


class LogNormal(msgspec.Struct, frozen=True):
    """What real networks resemble: steady, with a heavier tail than `Exponential`.

    The logarithm has a standard deviation of 1, which puts the median at 0.61 of the
    mean and 1 in 100 above 6.2 times the mean.
    """

    mean_ns: int

    def draw(self, rng: Random) -> int:
        """Return a delay without an upper bound."""
        return int(self.mean_ns * math.exp(rng.gauss(-(_SIGMA**2) / 2, _SIGMA)))


LATENCIES: Mapping[str, Callable[[int], Latency]] = MappingProxyType(
    {
        "constant": Constant,
        "exponential": Exponential,
        "lognormal": LogNormal,
        "uniform": Uniform,
    }
)
"""Makes a distribution from its mean in nanoseconds, by name."""


def latency_of(kind: str, mean_ms: float) -> Latency:
    """Return the distribution of a kind, a key of `LATENCIES`, with a mean."""
    if kind not in LATENCIES:
        raise ValueError(
            f"there is no latency distribution {kind!r}; take {', '.join(LATENCIES)}"
        )
    if not (math.isfinite(mean_ms) and mean_ms >= 0):
        raise ValueError(f"a latency is a number of at least 0 ms, not {mean_ms}")
    return LATENCIES[kind](round(mean_ms * 1_000_000))
