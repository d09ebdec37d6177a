"""Cases that need something besides a node: a limit lowered, a fault that fails.

What is altered of the harness stands in the origin of the case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import msgspec
from corpus_simulated import Ran, spec_of

from harness.nemesis.duplicate import Duplicate
from harness.network import _network
from harness.spec import LatencySpec
from histories import Problem


if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.cases import Case


LEAST_ROOM = 2_000
"""Bytes that may be on their way at once, in place of millions."""


def special() -> Iterator[tuple[str, Case]]:
    """Yield the names and the cases."""
    for make in (backward, overflow, failing_fault, unknown_problem):
        name, case = make()
        yield name, case


def backward() -> tuple[str, Case]:
    """Text that two nodes type backwards at one place."""
    spec = spec_of(
        "rga",
        "rga",
        seed=89,
        rate=30.0,
        length_s=0.7,
        latency_ms=30.0,
        nodes=("n1", "n2"),
        concurrency=2,
        latency=LatencySpec("constant", 30.0),
        timeout_ms=5_000,
        mix="contended",
        recovery_s=2.0,
    )
    ran = Ran(spec)
    origin: dict[str, Any] = {
        "node": "rga",
        "transport": "simulated",
        "seed": 89,
        "mix": "contended",
    }
    return "rga/rga-backward-interleaving", ran.kept(origin, full=True)


def overflow() -> tuple[str, Case]:
    """More on its way than the network has room for."""
    spec = spec_of("g-set", "g-set", seed=1, rate=10.0, length_s=0.5, latency_ms=500.0)
    with patch.object(_network, "FLIGHT_LIMIT", LEAST_ROOM):
        ran = Ran(spec)
    origin: dict[str, Any] = {"node": "g-set", "transport": "simulated", "seed": 1}
    origin |= {"flight_limit_bytes": LEAST_ROOM}
    return "programs/queue-overflow", ran.kept(origin, full=True)


def failing_fault() -> tuple[str, Case]:
    """A fault that cannot be brought about."""

    def refuse(*_: object) -> None:
        raise OSError("made to fail")

    spec = spec_of(
        "broadcast",
        "broadcast",
        seed=1,
        rate=10.0,
        length_s=0.5,
        latency_ms=5.0,
        nemesis=("duplicate",),
    )
    with patch.object(Duplicate, "start", refuse):
        ran = Ran(spec)
    origin: dict[str, Any] = {"node": "broadcast", "transport": "simulated", "seed": 1}
    origin |= {"nemesis": ["duplicate"], "fault": "made to fail"}
    return "programs/fault-failed", ran.kept(origin, full=True)


def unknown_problem() -> tuple[str, Case]:
    """A problem of a kind that this version does not know."""
    spec = spec_of("echo", "echo", seed=1, rate=10.0, length_s=0.3, latency_ms=5.0)
    ran = Ran(spec)
    assert ran.whole is not None, "a run has an outcome"
    problem = Problem(
        kind="of-a-later-version", node="n1", sentence="n1 did what is new."
    )
    ran.outcome = msgspec.structs.replace(ran.whole, problems=(problem,))
    origin: dict[str, Any] = {"node": "echo", "transport": "simulated", "seed": 1}
    told = "its outcome names a kind of problem that no version knows yet"
    return "programs/protocol-violation", ran.kept(
        {**origin, "altered": [told]}, full=True
    )
