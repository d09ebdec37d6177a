"""Faulty nodes, each run until what is wrong with it is found; and nodes that are right.

A node is *killed* when a run is INVALID by the anomaly that its bug is known for. A
node that is right must not be accused, under any fault.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import msgspec

from checkers import Verdict
from harness.nemesis import NEMESES
from harness.spec import LatencySpec, RunSpec
from harness.workloads import WORKLOADS
from nodes import command


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nodes.faulty import Faulty

    from ._bench import Bench
    from ._trial import Trial

NODES = ("n1", "n2", "n3")
_LENGTH_S = 6.0
_INTERVAL_S = 1.0


class Kill(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a faulty node.

    Attributes:
        name: The node.
        expected: The anomalies that its bug is known for.
        found: The one of them that was found; None if none was.
        runs: How many runs that took, or were tried.
        most: How many there were to be at the most.
        others: Other anomalies that were found on the way.
        plain: In how many of the runs a plain look at the final reads found nothing;
            None where there is no such look.
    """

    name: str
    expected: tuple[str, ...]
    found: str | None
    runs: int
    most: int
    others: tuple[str, ...]
    plain: int | None


class Silence(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a node that is right.

    Attributes:
        name: The node.
        workload: The workload that it ran.
        runs: How many runs there were.
        accused: The first run that was INVALID: its seed, and what was said.
    """

    name: str
    workload: str
    runs: int
    accused: tuple[int, str] | None


def hunt_mutant(
    name: str,
    faulty: Faulty,
    *,
    seed: int,
    transport: str,
    bench: Bench,
    progress: Callable[[str, int, int], None],
) -> Kill:
    """Run a faulty node under its fault until it is found out, or is not."""
    others: dict[str, None] = {}
    looks: list[bool | None] = []
    found, runs = None, 0
    specs = mutant_specs(name, faulty, seed=seed, transport=transport)
    for trial in bench.trials(specs):
        runs += 1
        looks.append(trial.plain)
        progress(name, runs, faulty.runs)
        hits = [one for one in trial.anomalies if one in faulty.anomalies]
        others |= dict.fromkeys(one for one in trial.anomalies if one not in hits)
        if hits:
            found = hits[0]
            break
    blind = None if None in looks else sum(look is True for look in looks)
    return Kill(
        name=name,
        expected=faulty.anomalies,
        found=found,
        runs=runs,
        most=faulty.runs,
        others=tuple(others),
        plain=blind,
    )


def mutant_specs(
    name: str, faulty: Faulty, *, seed: int, transport: str
) -> Iterator[RunSpec]:
    """Yield the runs that are to reveal a faulty node."""
    argv, environment = command(name)
    faults = (faulty.fault,) if faulty.fault else ()
    for number in range(faulty.runs):
        yield RunSpec(
            workload=faulty.workload,
            bin=tuple(argv),
            environment=environment,
            transport="simulated" if transport == "simulated" else "processes",
            nodes=NODES,
            concurrency=2 * len(NODES),
            rate=faulty.rate,
            time_limit_s=_LENGTH_S,
            timeout_ms=1_000,
            latency=LatencySpec("exponential", faulty.latency_ms),
            nemesis=faults,
            nemesis_interval_s=_INTERVAL_S,
            disk="lost" if faulty.disk == "lost" else "kept",
            consistency_models=faulty.models,
            assertions=faulty.assertions,
            availability=faulty.availability,
            seed=_seed(seed, name, number),
        )


def hush(
    workload: str,
    node: str,
    *,
    runs: int,
    seed: int,
    bench: Bench,
    progress: Callable[[str, int, int], None],
) -> Silence:
    """Run a node that is right under all faults, until it is accused, or is not."""
    done, accused = 0, None
    for number, trial in enumerate(
        bench.trials(right_specs(workload, node, runs, seed))
    ):
        done += 1
        progress(node, done, runs)
        if trial.verdict is Verdict.INVALID:
            accused = _seed(seed, node, number), _told(trial)
            break
    return Silence(name=node, workload=workload, runs=done, accused=accused)


def right_specs(workload: str, node: str, runs: int, seed: int) -> Iterator[RunSpec]:
    """Yield runs of a node that is right, under faults by chance."""
    argv, environment = command(node)
    names = sorted(NEMESES)
    for number in range(runs):
        rng = Random(f"{seed}/{node}/{workload}/{number}")
        count = rng.choice((1, 2, 3, len(names)))
        yield RunSpec(
            workload=WORKLOADS[workload].name,
            bin=tuple(argv),
            environment=environment,
            transport="simulated",
            nodes=NODES,
            concurrency=2 * len(NODES),
            rate=100.0,
            time_limit_s=_LENGTH_S,
            timeout_ms=1_000,
            latency=LatencySpec("exponential", rng.choice((0.0, 5.0, 50.0))),
            nemesis=tuple(sorted(rng.sample(names, count))),
            nemesis_interval_s=_INTERVAL_S,
            seed=_seed(seed, node, number),
        )


def _told(trial: Trial) -> str:
    return f"{', '.join(trial.anomalies)}: {trial.summary}"


def _seed(seed: int, name: str, number: int) -> int:
    return Random(f"{seed}/{name}/{number}").randrange(2**32)
