"""Latency distributions."""

from __future__ import annotations

import math
from random import Random

import pytest

from harness.network.latency import LATENCIES, latency_of


DRAWS = 20_000


def draws(kind: str, mean_ms: float = 100) -> list[int]:
    rng = Random(f"{kind} {mean_ms}")
    latency = latency_of(kind, mean_ms)
    return [latency.draw(rng) for _ in range(DRAWS)]


@pytest.mark.parametrize("kind", LATENCIES)
def test_the_mean_is_the_one_asked_for(kind: str) -> None:
    """The mean of many draws is the given one within 3 %, and none is negative."""
    drawn = draws(kind)
    assert sum(drawn) / DRAWS == pytest.approx(100e6, rel=0.03)
    assert min(drawn) >= 0


@pytest.mark.parametrize("kind", LATENCIES)
def test_a_mean_of_zero_is_no_delay(kind: str) -> None:
    """Every distribution with mean 0 is always 0."""
    assert set(draws(kind, 0)[:100]) == {0}


@pytest.mark.parametrize("kind", LATENCIES)
def test_a_seed_gives_the_same_draws(kind: str) -> None:
    """Nothing but the generator handed in decides."""
    assert draws(kind) == draws(kind)


@pytest.mark.parametrize("kind", LATENCIES)
def test_the_mean_is_kept_in_nanoseconds(kind: str) -> None:
    """A fraction of a millisecond is not lost."""
    assert latency_of(kind, 0.25).mean_ns == 250_000


def test_constant_is_the_mean() -> None:
    """Constant latency has a single value."""
    assert set(draws("constant")) == {100_000_000}


def test_uniform_ends_below_twice_the_mean() -> None:
    """Uniform latency fills [0, 2 * mean)."""
    drawn = draws("uniform")
    assert max(drawn) < 200_000_000
    assert max(drawn) > 199_000_000
    assert min(drawn) < 1_000_000


@pytest.mark.parametrize(
    ("kind", "median", "high"),
    [
        ("exponential", math.log(2), math.log(100)),
        ("lognormal", math.exp(-0.5), math.exp(2.326 - 0.5)),
    ],
)
def test_quantiles_are_those_documented(kind: str, median: float, high: float) -> None:
    """Median and 99th percentile stand to the mean as the docstrings say."""
    drawn = sorted(draws(kind))
    assert drawn[DRAWS // 2] == pytest.approx(median * 100e6, rel=0.05)
    assert drawn[DRAWS * 99 // 100] == pytest.approx(high * 100e6, rel=0.1)


def test_an_unknown_kind_names_the_known_ones() -> None:
    """The error says what to take instead."""
    with pytest.raises(ValueError, match="take constant, exponential, lognormal"):
        latency_of("normal", 1)


@pytest.mark.parametrize("mean_ms", [-1, math.nan, math.inf])
def test_a_mean_is_a_number_of_at_least_zero(mean_ms: float) -> None:
    """Anything else is refused."""
    with pytest.raises(ValueError, match="at least 0 ms"):
        latency_of("constant", mean_ms)
