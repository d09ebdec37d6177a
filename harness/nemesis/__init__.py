"""Faults: which there are, what they do, and when they strike.

Read `_fault` first: what a fault is, and what it acts on. Then `_nemesis`, which
composes them, and `_schedules`. Every fault is a file of its own: those of messages on
`_link_nemesis` (`partition`, `deaf`, `mute`, `loss`, `duplicate`, `reorder`, `delay`, and
of services `slow_services`, `service_partition`), those of processes (`kill`, `pause`,
`clock`), and `roam`, which is one of clients. `_targets` draws the nodes to strike,
`partitions` what a partition cuts.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.services import SERVICES

from ._fault import Arena, Fault, Machines, Plan, Travellers
from ._nemesis import Nemesis
from ._schedules import Intervals, Phases, Replay, Schedule, faults_of
from ._targets import TARGETS
from .clock import Clock
from .deaf import Deaf
from .delay import Delay
from .duplicate import Duplicate
from .kill import Kill
from .loss import Loss
from .mute import Mute
from .partition import Partition
from .pause import Pause
from .reorder import Reorder
from .roam import Roam
from .service_partition import ServicePartition
from .slow_services import SlowServices


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harness.agenda import Agenda
    from harness.interpreter import Log
    from harness.network import Network
    from harness.problems import ProblemLog
    from harness.spec import RunSpec

FAULTS: Mapping[str, type[Fault]] = MappingProxyType(
    {
        fault.name: fault
        for fault in (
            Clock,
            Deaf,
            Delay,
            Duplicate,
            Kill,
            Loss,
            Mute,
            Partition,
            Pause,
            Reorder,
            Roam,
            ServicePartition,
            SlowServices,
        )
    }
)
"""Every fault, by the name that `--nemesis` takes."""

NEMESES: Mapping[str, str] = MappingProxyType(
    {name: fault.doc for name, fault in FAULTS.items()}
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
