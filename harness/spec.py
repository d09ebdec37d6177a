"""Everything that defines a run, as one value that is saved beside its history."""

from __future__ import annotations

from random import Random
from typing import Any, Literal

import msgspec


Transport = Literal["processes", "simulated"]
LatencyKind = Literal["constant", "uniform", "exponential", "lognormal"]
NemesisSchedule = Literal["interval", "phases"]
Disk = Literal["kept", "lost", "either"]


class LatencySpec(msgspec.Struct, frozen=True):
    """Delay of messages between servers.

    Attributes:
        kind: The distribution.
        mean_ms: Its mean.
    """

    kind: LatencyKind = "constant"
    mean_ms: float = 0.0


class Change(msgspec.Struct, frozen=True):
    """One change of a fault, exactly as it is applied: nothing is left to chance.

    Attributes:
        time_ns: When, since the main phase began.
        f: What is done, as in the history: `start-partition`, `stop-kill`, ...; or
            `barrier`, which waits for operations to end and nodes to converge.
        value: What a start does to what, as the fault drew it.
    """

    time_ns: int
    f: str
    value: Any = None


class PlannedOperation(msgspec.Struct, frozen=True):
    """An operation of the main phase, decided before the run.

    Attributes:
        time_ns: The earliest time, since the main phase began.
        worker: Number of the client that carries it out, once it is free.
        f: What to do.
        value: Its argument.
        reply: Index of the reply to it in the run that it was taken from, if there was
            one: values of other operations may refer to that.
    """

    time_ns: int
    worker: int
    f: str
    value: Any = None
    reply: int | None = None


class RunSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What to run, against what, under which faults, from which seed.

    Attributes:
        workload: Name of the workload.
        mix: What clients do, by its name among the mixes of the workload; without, the
            one that suits the workload and the models.
        bin: Argument vector of a node.
        environment: Variables that nodes get besides those of the harness.
        nodes: Names of the nodes.
        concurrency: Clients in the main phase; client i calls node i modulo nodes.
        transport: Whether nodes are processes, or objects in virtual time.
        rate: Operations a second, over all clients.
        time_limit_s: Length of the main phase.
        timeout_ms: How long a client waits for a reply.
        init_timeout_s: How long a node may take to answer `init` or `topology`.
        seed: Source of all randomness.
        latency: Delay of messages between servers.
        loss: Probability that a message between two nodes is lost.
        nemesis: Faults that are injected.
        demanded_faults: Those of them that the user asked for; a run in which no
            fault changed anything is then no test of what was asked for.
        nemesis_interval_s: Mean time between two changes of a fault.
        nemesis_targets: Which nodes a fault strikes: one of `harness.nemesis.TARGETS`,
            or names of nodes.
        nemesis_schedule: When faults strike: each by itself, at the interval; or in
            phases, one after the other, each between two barriers.
        disk: Whether nodes that are killed find their disk as it was, empty, or either
            by chance.
        faketime: Path of libfaketime, if nodes are to be started under it.
        schedule: The changes of faults that are made, and no others; without, they
            are drawn from the seed. A saved spec has those that were made.
        operations: The operations of the main phase, and no others; without, they
            come from the workload and the seed.
        recovery_s: How long nodes have, after the faults, until the final reads; and
            how long a final read is then tried again at a node that fails it.
        poll: Whether recovery ends early once reads show that nodes have converged.
        topology: Shape of the neighbourhood that nodes are told, where they are.
        strict: Whether what Maelstrom rejects makes the run INVALID.
        availability: Fraction of operations that must be `ok`, if any is required.
        assertions: Conditions on measures that must hold.
        consistency_models: Consistency models that the history must satisfy; without
            any, the workload's own promise counts.
        client_view: Whether indeterminate operations are taken as their clients saw
            them, and the journal is no evidence.
        log_stderr: Whether standard error of nodes is shown while they run.
        command: Argument vector of the command that was given.
        version: Version of the harness.
        started: When the run began, UTC.
    """

    workload: str
    mix: str | None = None
    bin: tuple[str, ...]
    environment: dict[str, str] = {}
    nodes: tuple[str, ...]
    concurrency: int
    transport: Transport = "processes"
    rate: float
    time_limit_s: float
    timeout_ms: int = 5_000
    init_timeout_s: float = 10.0
    seed: int
    latency: LatencySpec = LatencySpec()
    loss: float = 0.0
    nemesis: tuple[str, ...] = ()
    demanded_faults: tuple[str, ...] = ()
    nemesis_interval_s: float = 10.0
    nemesis_targets: tuple[str, ...] = ("subset",)
    nemesis_schedule: NemesisSchedule = "interval"
    disk: Disk = "kept"
    faketime: str | None = None
    schedule: tuple[Change, ...] | None = None
    operations: tuple[PlannedOperation, ...] | None = None
    recovery_s: float = 10.0
    poll: bool = True
    topology: str = "grid"
    strict: bool = False
    availability: float | None = None
    assertions: tuple[str, ...] = ()
    consistency_models: tuple[str, ...] = ()
    client_view: bool = False
    log_stderr: bool = False
    command: tuple[str, ...] = ()
    version: str = ""
    started: str = ""

    def rng(self, name: str) -> Random:
        """Return the randomness of one part of the run.

        Each part has its own, so that one can change without moving the others.
        """
        return Random(f"{self.seed}/{name}")
