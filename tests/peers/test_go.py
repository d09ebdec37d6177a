"""Nodes on the public Maelstrom Go library, as its users write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


pytestmark = pytest.mark.peers


def test_echo_runs_unchanged(go_nodes: Path, harness_run: Callable[..., Any]) -> None:
    """The library's first example is valid, also where Maelstrom is strict."""
    harness_run(
        "-w", "echo", "--bin", go_nodes / "echo", "--time-limit", "1", "--strict"
    ).assert_flawless()


def test_broadcast_runs_through_partitions(
    go_nodes: Path, harness_run: Callable[..., Any]
) -> None:
    """A broadcast that retries loses nothing, and sends between nodes as it should."""
    trial = harness_run(
        *("-w", "broadcast", "--bin", go_nodes / "broadcast", "--strict"),
        *("--time-limit", "2", "--nemesis", "partition", "--nemesis-interval", "0.5"),
        *("--latency", "10", "--latency-dist", "exponential", "--seed", "1"),
    )
    trial.assert_flawless()
    assert trial.outcome["messages"]["servers"]["dropped"]["partition"] > 0


@pytest.mark.parametrize("store", ["seq-kv", "lin-kv"])
def test_a_counter_on_a_store_runs_unchanged(
    store: str, go_nodes: Path, harness_run: Callable[..., Any]
) -> None:
    """The library's client of the stores understands the services, errors included."""
    trial = harness_run(
        *("-w", "g-counter", "--bin", go_nodes / "g_counter", "--strict"),
        *("--time-limit", "1", "--concurrency", "2n", "--", store),
    )
    trial.assert_flawless()
    assert trial.spec["bin"][1:] == [store]
    assert trial.outcome["messages"]["servers"]["sent"] > 0
