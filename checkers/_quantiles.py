"""Quantiles of latencies, as measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._verdict import Measure


if TYPE_CHECKING:
    from collections.abc import Sequence


_QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}


def quantile(ordered: Sequence[float], fraction: float) -> float:
    """Return the least value that at least this fraction of values do not exceed.

    The nearest-rank definition: always one of the values.

    >>> quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 0.99)
    (2, 4)
    """
    rank = -(-len(ordered) * fraction // 1)
    return ordered[min(len(ordered), max(1, int(rank))) - 1]


def latency_measures(name: str, latencies_ms: Sequence[float]) -> dict[str, Measure]:
    """Return `<name>-p50`, `-p95`, `-p99` and `-max`, None where there is no value."""
    ordered = sorted(latencies_ms)
    return {
        f"{name}-{suffix}": Measure(
            quantile(ordered, fraction) if ordered else None, "ms"
        )
        for suffix, fraction in _QUANTILES.items()
    }
