"""What a hunt tries: everything about a run but its program is drawn."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final, get_args

import msgspec

from harness.nemesis import TARGETS
from harness.network.topology import TOPOLOGIES
from harness.spec import Disk, LatencyKind, LatencySpec, RunSpec


if TYPE_CHECKING:
    from harness.workloads import Workload

NODE_COUNTS: Final = (2, 3, 3, 4, 5, 5)
CLIENTS: Final = (1, 1, 2, 3)
"""Clients for each node."""

FAULT_COUNTS: Final = (0, 1, 1, 2, 2, 3, 5)
LOSSES: Final = (0.0, 0.0, 0.0, 0.0, 0.01, 0.05, 0.2)
TIMEOUTS_MS: Final = (500, 1_000, 5_000)
SHORTEST_S: Final = 1.0


class Space(msgspec.Struct, frozen=True, kw_only=True):
    """What runs of a hunt have in common.

    Attributes:
        workload: Name of the workload.
        bin: Argument vector of a node.
        environment: Variables that nodes get.
        mix: What clients do; None: any of the mixes.
        nemeses: Faults that may be injected.
        disk: What is left of the disk of a node that is killed.
        longest_s: The length of a main phase at the most.
        seed: Source of all randomness of the hunt.
        strict: Whether what Maelstrom rejects makes a run INVALID.
        consistency_models: Models that the histories must satisfy.
    """

    workload: str
    bin: tuple[str, ...]
    environment: dict[str, str]
    mix: str | None = None
    nemeses: tuple[str, ...]
    disk: Disk = "kept"
    longest_s: float = 8.0
    seed: int
    strict: bool = False
    consistency_models: tuple[str, ...] = ()


def draw_spec(space: Space, workload: Workload, number: int) -> RunSpec:
    """Return the run of that number: the same one, whenever it is asked for."""
    rng = Random(f"{space.seed}/hunt/{number}")
    # Apart from the rest, so that a run with another mix is else the same.
    mix = Random(f"{space.seed}/mix/{number}").choice(tuple(workload.mixes))
    nodes = rng.choice(NODE_COUNTS)
    length_s = round(rng.uniform(min(SHORTEST_S, space.longest_s), space.longest_s), 1)
    mean_ms = 0.0 if rng.random() < 0.4 else round(10 ** rng.uniform(0, 2), 1)
    count = min(rng.choice(FAULT_COUNTS), len(space.nemeses))
    return RunSpec(
        workload=workload.name,
        mix=space.mix or mix,
        bin=space.bin,
        environment=space.environment,
        transport="simulated",
        nodes=tuple(f"n{index}" for index in range(1, nodes + 1)),
        concurrency=nodes * rng.choice(CLIENTS),
        rate=float(round(10 ** rng.uniform(1, 2.5))),
        time_limit_s=length_s,
        timeout_ms=rng.choice(TIMEOUTS_MS),
        latency=LatencySpec(rng.choice(get_args(LatencyKind)), mean_ms),
        loss=rng.choice(LOSSES),
        nemesis=tuple(sorted(rng.sample(space.nemeses, count))),
        nemesis_interval_s=round(length_s / rng.uniform(2, 10), 3),
        nemesis_targets=(rng.choice(sorted(TARGETS)),),
        disk=space.disk,
        topology=rng.choice(sorted(TOPOLOGIES)),
        strict=space.strict,
        consistency_models=space.consistency_models,
        seed=rng.randrange(2**32),
    )
