"""The life of a run, from the first process to the saved outcome.

setup → main phase under faults → heal → recovery → final reads → teardown. The
history is written while it happens; nothing is judged here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from histories import JournalWriter, Outcome, Recorder

from .agenda import Agenda
from .clients import ClientPool
from .cluster import Cluster, SetupError
from .generators import Op, each_node, phases, recorded, rounds, stagger, time_limit
from .interpreter import Interpreter, Log
from .latest import LatestReads
from .loop import Loop
from .nemesis import nemesis_of
from .network import Network
from .network.latency import latency_of
from .problems import ProblemLog
from .rpc import ReplyReader
from .serving import attach_services
from .transports.process_transport import ProcessTransport


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from histories import EventType, Run

    from .driver import Driver
    from .generators import Generator
    from .nemesis import Nemesis
    from .spec import Change, RunSpec
    from .transports import Transport
    from .workloads import Workload

POLL_INTERVAL_S = 0.1
"""Time between two rounds of reads that watch nodes converge."""

_TICK_NS = 200_000_000


class Status(msgspec.Struct, frozen=True):
    """Where a run stands.

    Attributes:
        phase: `setup`, `main`, `recovery` or `teardown`.
        elapsed_ns: Since the start of the run.
        counts: Events so far by type.
        fault: The fault in force, in words, if any.
    """

    phase: str
    elapsed_ns: int
    counts: Mapping[EventType, int]
    fault: str | None


class Progress(Protocol):
    """Who is told how a run goes."""

    def update(self, status: Status) -> None:
        """Take note; called about five times a second."""

    def log(self, node: str, line: str) -> None:
        """Show a line that a node wrote to standard error."""


class Quiet:
    """A progress that tells nobody."""

    def update(self, status: Status) -> None:
        """Take note of nothing."""

    def log(self, node: str, line: str) -> None:
        """Show nothing."""


def execute(spec: RunSpec, workload: Workload, run: Run, progress: Progress) -> Outcome:
    """Carry out a run in its folder and return what came of it besides the history.

    The outcome is also saved. Interrupts end the run early and are told in it.
    """
    run.write_json(run.spec_path, msgspec.to_builtins(spec))
    with Recorder(run.history_path) as recorder:
        journal = JournalWriter(run.journal_path)
        runner = _Runner(spec, workload, run, progress, recorder, journal)
        try:
            outcome = runner.live()
        finally:
            journal.close()
            spec = msgspec.structs.replace(spec, schedule=runner.schedule)
            run.write_json(run.spec_path, msgspec.to_builtins(spec))
    run.write_json(run.outcome_path, msgspec.to_builtins(outcome))
    return outcome


class _Runner:
    """Wires the parts together and takes a run through its phases."""

    def __init__(
        self,
        spec: RunSpec,
        workload: Workload,
        run: Run,
        progress: Progress,
        recorder: Recorder,
        journal: JournalWriter,
    ) -> None:
        self._spec = spec
        self._workload = workload
        self._progress = progress
        self._recorder = recorder
        self._journal = journal
        self._agenda = agenda = Agenda()
        self._problems = problems = ProblemLog(agenda)
        self._is_simulated = spec.transport == "simulated"
        self._driver, transport = self._home(run)
        self._network = network = Network(
            agenda=agenda,
            latency=latency_of(spec.latency.kind, spec.latency.mean_ms),
            loss=spec.loss,
            seed=f"{spec.seed}/network",
            journal=journal,
            problems=problems,
        )
        attach_services(network, spec.rng)
        self._log = Log(agenda, recorder)
        self._setup_clients = ClientPool(
            agenda, network, problems, timeout_ns=int(spec.init_timeout_s * 1e9)
        )
        self._clients = ClientPool(
            agenda, network, problems, timeout_ns=spec.timeout_ms * 1_000_000
        )
        self._cluster = Cluster(
            spec,
            agenda=agenda,
            driver=self._driver,
            network=network,
            problems=problems,
            clients=self._setup_clients,
            transport=transport,
        )
        self._nemesis: Nemesis | None = None
        self._expectation = LatestReads(workload, spec.nodes)
        self._interpreter: Interpreter | None = None
        self._phase = "setup"
        self._phases: dict[str, int] = {}

    def _home(self, run: Run) -> tuple[Driver, Transport]:
        """Return who moves time on, and where nodes live."""
        spec, agenda, problems = self._spec, self._agenda, self._problems
        if self._is_simulated:
            from .simulation import SimulatedTransport, VirtualDriver

            driver = VirtualDriver(agenda, self._turn)
            return driver, SimulatedTransport(
                spec, run, agenda=agenda, driver=driver, problems=problems
            )
        loop = Loop(agenda, self._turn)
        return loop, ProcessTransport(
            spec, run, agenda=agenda, loop=loop, problems=problems
        )

    def live(self) -> Outcome:
        """Take the run through all its phases."""
        aborted = None
        with self._driver.interruptible():
            try:
                try:
                    self._set_up()
                    self._drive()
                    self._recover()
                except SetupError as error:
                    aborted = str(error)
                self._heal()
                # What is lost from now on is lost to the end, and tells nothing.
                before = self._network.counts()
                self._enter("teardown")
                self._cluster.stop()
            finally:
                self._cluster.kill_all()
        self._enter("end")
        self._driver.close()
        return Outcome(
            aborted=aborted,
            interrupted=self._driver.interrupted > 0,
            phases=self._phases,
            problems=self._problems.all(),
            nodes=self._cluster.outcomes(),
            messages={
                links: msgspec.structs.replace(counts, dropped=before[links].dropped)
                for links, counts in self._network.counts().items()
            },
            faults=self._nemesis.effects() if self._nemesis is not None else {},
        )

    @property
    def schedule(self) -> tuple[Change, ...] | None:
        """The changes of faults that were made; as demanded where there were none."""
        if self._nemesis is None:
            return self._spec.schedule
        return tuple(self._nemesis.ran)

    def _set_up(self) -> None:
        self._enter("setup")
        self._tick()
        self._cluster.start()
        if self._workload.topology:
            self._cluster.send_topology()
        self._interpreter = Interpreter(
            agenda=self._agenda,
            log=self._log,
            rng=self._spec.rng("workload"),
            clients=self._clients,
            readers={f: ReplyReader(call) for f, call in self._workload.calls.items()},
            endpoints=self._cluster.members,
            workers=max(self._spec.concurrency, len(self._spec.nodes)),
            observer=self._expectation,
        )
        self._nemesis = nemesis_of(
            self._spec,
            agenda=self._agenda,
            network=self._network,
            machines=self._cluster,
            travellers=self._interpreter,
            log=self._log,
            problems=self._problems,
            wait=self._wait_for_convergence,
        )

    def _drive(self) -> None:
        """Run the workload's operations under faults, then heal and drain."""
        self._prepare()
        self._enter("main")
        interpreter = self._running()
        interpreter.start(self._operations(), workers=self._spec.concurrency)
        assert self._nemesis is not None, "made by the setup"
        self._nemesis.start()
        self._run_until(lambda: interpreter.exhausted)
        interpreter.stop()
        self._heal()
        self._run_until(lambda: interpreter.idle and self._cluster.is_settled())

    def _prepare(self) -> None:
        """Carry out on every node what comes before everything else, without faults."""
        prepare = [Op(f, value) for f, value in self._workload.prepare]
        if not prepare or self._stopping():
            return
        self._enter("prepare")
        interpreter = self._running()
        every = each_node(self._spec.nodes, *prepare)
        interpreter.start(every, workers=interpreter.workers)
        self._run_until(lambda: interpreter.idle)
        interpreter.stop()

    def _operations(self) -> Generator:
        """Return the operations of the main phase, which begins now."""
        spec, now = self._spec, self._agenda.now
        if spec.operations is None:
            generator = stagger(spec.rate, self._workload.operations(spec))
            return time_limit(spec.time_limit_s, generator)
        planned = (
            Op(
                planned.f,
                planned.value,
                now + planned.time_ns,
                worker=planned.worker,
                number=planned.reply,
            )
            for planned in spec.operations
        )
        generator = recorded(planned, until=now + int(spec.time_limit_s * 1e9))
        retold = self._workload.retold
        return generator if retold is None else retold(generator)

    def _heal(self) -> None:
        """End all faults; they are over before anything is judged."""
        if self._nemesis is not None:
            self._nemesis.stop()

    def _wait_for_convergence(self, then: Callable[[], None]) -> None:
        """Let operations end, poll nodes until they have converged, and go on."""
        limit_s = min(self._spec.recovery_s, self._spec.nemesis_interval_s)
        has_reads = self._workload.final_read is not None
        polls = self._polls(limit_s) if has_reads else phases()
        self._running().interject(polls, then)

    def _polls(self, limit_s: float) -> Generator:
        """Return reads of all nodes, in rounds, until they have converged."""
        self._expectation.forget_reads()
        return rounds(
            POLL_INTERVAL_S,
            self._spec.nodes,
            self._expectation.reads(),
            self._expectation.settled,
            limit_s=limit_s,
        )

    def _recover(self) -> None:
        """Wait for the nodes to converge, then read each of them."""
        reads = self._expectation.reads(final=True)
        if not reads or self._stopping():
            return
        self._enter("recovery")
        spec, nodes = self._spec, self._spec.nodes
        final = each_node(nodes, *reads, limit_s=spec.recovery_s)
        interpreter = self._running()
        if spec.poll:
            generator = phases(self._polls(spec.recovery_s), final)
        else:
            until = self._agenda.now + int(spec.recovery_s * 1e9)
            self._driver.run(self._stopping, deadline=until)
            generator = final
        interpreter.start(generator, workers=interpreter.workers)
        self._run_until(lambda: interpreter.idle)
        interpreter.stop()

    def _running(self) -> Interpreter:
        assert self._interpreter is not None, "it is made by the setup"
        return self._interpreter

    def _run_until(self, done: Callable[[], bool]) -> None:
        """Run until `done()`, or until there is nothing left to run for."""
        if not self._stopping():
            self._driver.run(lambda: done() or self._stopping())

    def _stopping(self) -> bool:
        """Return whether the user gave up, or every node is gone."""
        return self._driver.interrupted > 0 or self._cluster.all_lost()

    def _turn(self) -> int | None:
        """Dispatch what may be, save the events, then let messages leave."""
        setup = self._setup_clients.expire()
        wake = self._interpreter.step() if self._interpreter is not None else None
        if not self._is_simulated:
            # Where one seed is one execution, nothing is lost that cannot be had again.
            self._recorder.flush()
            self._cluster.flush()
        return wake if setup is None or (wake is not None and wake < setup) else setup

    def _enter(self, phase: str) -> None:
        self._phase = phase
        self._phases[phase] = self._agenda.now
        self._tell()

    def _tick(self) -> None:
        """Tell how the run goes and write messages out, now and again and again."""
        self._tell()
        if self._is_simulated:
            self._recorder.flush()
        else:
            self._journal.flush()
        self._agenda.at(self._agenda.now + _TICK_NS, self._tick)

    def _tell(self) -> None:
        self._progress.update(
            Status(
                phase=self._phase,
                elapsed_ns=self._agenda.now,
                counts=self._log.counts,
                fault=self._nemesis.in_force if self._nemesis else None,
            )
        )
        if self._spec.log_stderr:
            for name, line in self._cluster.new_stderr():
                self._progress.log(name, line)
