"""Nodes in JavaScript, without any library."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest


if TYPE_CHECKING:
    from collections.abc import Callable


pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(shutil.which("node") is None, reason="there is no node command"),
]


def test_echo_is_found_by_a_relative_path(harness_run: Callable[..., Any]) -> None:
    """`--bin` takes a path from where the command is given, and obeys its first line."""
    harness_run(
        "-w", "echo", "--bin", "./javascript/echo.js", "--time-limit", "1", "--strict"
    ).assert_flawless()


def test_unique_ids_meet_the_published_challenge(
    harness_run: Callable[..., Any],
) -> None:
    """A thousand operations a second through partitions, all of them answered."""
    harness_run(
        *("-w", "unique-ids", "--bin", "javascript/unique_ids.js", "--strict"),
        *("--time-limit", "1", "--rate", "1000", "--node-count", "3"),
        *("--availability", "total", "--nemesis", "partition"),
    ).assert_flawless()


def test_a_set_is_run_by_a_command_with_arguments(
    harness_run: Callable[..., Any],
) -> None:
    """`--bin` takes a command on PATH with its arguments."""
    trial = harness_run(
        *("-w", "g-set", "--bin", "node javascript/gossip.js --interval-ms 20"),
        *("--time-limit", "2", "--nemesis", "partition", "--nemesis-interval", "0.5"),
    )
    trial.assert_flawless()
    assert trial.spec["bin"][1:] == ["javascript/gossip.js", "--interval-ms", "20"]


def test_broadcast_gets_the_arguments_after_two_dashes(
    harness_run: Callable[..., Any],
) -> None:
    """What follows `--` is the node's, after the arguments of `--bin`."""
    trial = harness_run(
        *("-w", "broadcast", "--bin", "node javascript/gossip.js", "--strict"),
        *("--time-limit", "1", "--loss", "0.2"),
        *("--", "--broadcast", "--interval-ms", "20"),
    )
    trial.assert_flawless()
    assert trial.spec["bin"][1:] == [
        *("javascript/gossip.js", "--broadcast", "--interval-ms", "20")
    ]
    assert trial.outcome["messages"]["servers"]["dropped"]["loss"] > 0
