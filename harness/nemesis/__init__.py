"""Faults: which there are, what they do, and when they strike.

Read `_fault` first: what a fault is, and what it acts on. Then `_nemesis`, which
composes them, and `_schedules`. Every fault is a file of its own: those of messages
(`partition`, `deaf`, `mute`, `loss`, `duplicate`, `reorder`, `delay`, and of services
`slow_services`, `service_partition`), those of processes (`kill`, `pause`, `clock`),
and `roam`, which is one of clients. `partitions` draws what a partition cuts.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.services import SERVICES

from . import (
    clock,
    deaf,
    delay,
    duplicate,
    kill,
    loss,
    mute,
    partition,
    pause,
    reorder,
    roam,
    service_partition,
    slow_services,
)
from ._fault import Arena, Fault, Machines, Plan, Travellers
from ._nemesis import Nemesis
from ._schedules import Intervals, Phases, Replay, Schedule, faults_of
from ._targets import TARGETS


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harness.agenda import Agenda
    from harness.interpreter import Log
    from harness.network import Network
    from harness.problems import ProblemLog
    from harness.spec import RunSpec

_KINDS: dict[str, tuple[Callable[[Arena], Fault], str]] = {
    "clock": (clock.Clock, clock.DOC),
    "deaf": (deaf.Deaf, deaf.DOC),
    "delay": (delay.Delay, delay.DOC),
    "duplicate": (duplicate.Duplicate, duplicate.DOC),
    "kill": (kill.Kill, kill.DOC),
    "loss": (loss.Loss, loss.DOC),
    "mute": (mute.Mute, mute.DOC),
    "partition": (partition.Partition, partition.DOC),
    "pause": (pause.Pause, pause.DOC),
    "reorder": (reorder.Reorder, reorder.DOC),
    "roam": (roam.Roam, roam.DOC),
    "service-partition": (service_partition.ServicePartition, service_partition.DOC),
    "slow-services": (slow_services.SlowServices, slow_services.DOC),
}

FAULTS: Mapping[str, Callable[[Arena], Fault]] = MappingProxyType(
    {name: make for name, (make, _) in _KINDS.items()}
)
"""Makes every fault, by the name that `--nemesis` takes."""

NEMESES: Mapping[str, str] = MappingProxyType(
    {name: doc for name, (_, doc) in _KINDS.items()}
)
"""What every fault does, by name."""


def nemesis_of(
    spec: RunSpec,
    *,
    agenda: Agenda,
    network: Network,
    machines: Machines,
    travellers: Travellers,
    log: Log,
    problems: ProblemLog,
    wait: Callable[[Callable[[], None]], None],
) -> Nemesis:
    """Return the nemesis that a spec asks for; see `Arena` and `Nemesis`.

    Raises:
        UsageError: The spec names a fault that there is not.
    """
    schedule: Schedule
    interval_ns = int(spec.nemesis_interval_s * 1e9)
    names = spec.nemesis if spec.schedule is None else faults_of(spec.schedule)
    for name in names:
        if name not in FAULTS:
            raise UsageError(f"there is no fault {name!r}; take {', '.join(FAULTS)}")
    if spec.schedule is not None:
        schedule = Replay(spec.schedule)
    elif spec.nemesis_schedule == "phases":
        schedule = Phases(interval_ns, spec.rng)
    else:
        schedule = Intervals(interval_ns, spec.rng)
    arena = Arena(
        nodes=spec.nodes,
        services=tuple(sorted(SERVICES)),
        targets=spec.nemesis_targets,
        disk=spec.disk,
        agenda=agenda,
        network=network,
        machines=machines,
        travellers=travellers,
    )
    return Nemesis(
        {name: FAULTS[name](arena) for name in names},
        agenda=agenda,
        log=log,
        problems=problems,
        schedule=schedule,
        wait=wait,
    )


__all__ = [
    "FAULTS",
    "NEMESES",
    "TARGETS",
    "Arena",
    "Fault",
    "Machines",
    "Nemesis",
    "Plan",
    "Travellers",
    "nemesis_of",
]
