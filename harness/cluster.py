"""The nodes of a run: started, initialised, struck by faults, and ended."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from .errors import HarnessError
from .members import Member
from .network.topology import topology
from .problems import clip
from .rpc import Call, Field, ReplyReader, Rpc
from .transports import LaunchError
from .wire import Gateway


if TYPE_CHECKING:
    from collections.abc import Iterator

    from histories import NodeOutcome

    from .agenda import Agenda
    from .clients import ClientPool, Completion
    from .driver import Driver
    from .network import Network
    from .problems import ProblemLog
    from .spec import RunSpec
    from .transports import NodeProcess, Transport

INIT = ReplyReader(
    Call(
        Rpc(
            "init",
            "Tells a node its id and those of all nodes; comes before all else.",
            request={
                "node_id": Field("string", "the id of the node"),
                "node_ids": Field("list", "the ids of all nodes"),
            },
        )
    )
)
TOPOLOGY = ReplyReader(
    Call(
        Rpc(
            "topology",
            "Suggests to a node who its neighbours are.",
            request={"topology": Field("object", "neighbours by node")},
        )
    )
)


class SetupError(HarnessError):
    """The nodes could not be brought up; the message says which and why."""


class Cluster:
    """All nodes of a run.

    Attributes:
        members: The nodes, in the order of the spec.
    """

    def __init__(
        self,
        spec: RunSpec,
        *,
        agenda: Agenda,
        driver: Driver,
        network: Network,
        problems: ProblemLog,
        clients: ClientPool,
        transport: Transport,
    ) -> None:
        """Make a cluster without processes; `clients` carry out the setup."""
        self._spec = spec
        self._agenda = agenda
        self._driver = driver
        self._problems = problems
        self._clients = clients
        self._transport = transport
        gateway = Gateway(network, problems)
        self.members = [
            Member(name, gateway, problems, self._ended) for name in spec.nodes
        ]
        self._by_name = {member.name: member for member in self.members}
        for member in self.members:
            network.attach(member)
        self._neighbours: dict[str, list[str]] | None = None
        self._numbers = itertools.count()
        self._awaited = ""
        self._answered: set[str] = set()
        self._failed: dict[str, str] = {}

    # Setup.

    def start(self) -> None:
        """Start every node and have it initialised, all in parallel.

        Raises:
            SetupError: A node could not be started or did not answer as it must.
        """
        self._transport.open()
        processes = [self._launch(member) for member in self.members]
        for member in self.members:
            self._initialise(member)
        self._await("init")
        for process in processes:
            process.release()

    def send_topology(self) -> None:
        """Tell every node its neighbours; one that is restarted is told again.

        Raises:
            SetupError: A node did not answer as it must.
        """
        self._neighbours = topology(self._spec.topology, self._spec.nodes)
        self._answered.clear()
        for member in self.members:
            self._ask(member, TOPOLOGY, topology=self._neighbours)
        self._await("topology")

    def flush(self) -> None:
        """Hand over everything that is queued for nodes."""
        for member in self.members:
            if member.process is not None:
                member.process.flush()

    def all_lost(self) -> bool:
        """Return whether every node has ended though nothing had asked it to."""
        return all(member.lost for member in self.members)

    def is_settled(self) -> bool:
        """Return whether no node is being initialised."""
        return all(
            member.ready or not member.alive or member.name in self._failed
            for member in self.members
        )

    # Faults. Each does nothing to a node that it has been done to already.

    def kill(self, name: str) -> bool:
        """End the process of a node at once; return whether it had one."""
        member = self._by_name[name]
        if not member.alive:
            return False
        assert member.process is not None, "it is alive"
        member.process.kill()
        return True

    def restart(self, name: str, *, keep_disk: bool) -> bool:
        """Start a node again that has no process; return whether that was possible.

        It is initialised like the first time; messages wait for that.
        """
        member = self._by_name[name]
        if member.alive or member.lost:
            return False
        if not keep_disk:
            self._transport.erase_disk(name)
        try:
            self._launch(member)
        except SetupError:
            return False
        self._initialise(member)
        return True

    def pause(self, name: str) -> bool:
        """Have a node do nothing until `resume`; return whether it was running.

        One that is being initialised is not: it would be taken for one that hangs.
        """
        member = self._by_name[name]
        if not member.alive or not member.ready:
            return False
        assert member.process is not None, "it is alive"
        member.process.pause()
        return True

    def resume(self, name: str) -> None:
        """Let a node go on."""
        process = self._by_name[name].process
        if process is not None:
            process.resume()

    def set_clock(self, name: str, offset_ns: int) -> None:
        """Have the wall clock of a node differ from the true one by so much."""
        self._transport.set_clock(name, offset_ns)

    def clock_was_read(self, name: str) -> bool:
        """Return whether a node asked for its wall clock since `set_clock`.

        True too where that cannot be told.
        """
        return self._transport.clock_was_read(name)

    # The end.

    def stop(self) -> None:
        """End every node, politely first."""
        alive = {
            member.name: member.process
            for member in self.members
            if member.process is not None and member.alive
        }
        heard = {name: process.read_lines for name, process in alive.items()}
        for process in alive.values():
            process.resume()
        self._transport.shut_down(alive)
        for name, process in alive.items():
            late = process.read_lines - heard[name]
            if late and name in self._failed:
                self._note_unflushed(name, late)

    def kill_all(self) -> None:
        """End every node at once."""
        self._transport.close()

    def new_stderr(self) -> Iterator[tuple[str, str]]:
        """Yield what nodes wrote to standard error since the last time."""
        for member in self.members:
            if member.process is not None:
                for line in member.process.log.new_lines():
                    yield member.name, line

    def outcomes(self) -> tuple[NodeOutcome, ...]:
        """Return how each node ended."""
        return tuple(member.outcome() for member in self.members)

    # How it works.

    def _launch(self, member: Member) -> NodeProcess:
        """Give a node a process.

        Raises:
            SetupError: It could not be started.
        """
        member.epoch += 1
        try:
            process = self._transport.launch(member.name, member.epoch, member)
        except LaunchError as error:
            self._problems.note("spawn-failed", member.name, str(error))
            raise SetupError(str(error)) from error
        member.adopt(process)
        return process

    def _initialise(self, member: Member) -> None:
        self._ask(member, INIT, node_id=member.name, node_ids=list(self._spec.nodes))

    def _ask(self, member: Member, reader: ReplyReader, **fields: object) -> None:
        """Send a setup request, and take note of what comes of it."""
        process = member.process
        assert process is not None, "it was started"
        client = self._clients.open(f"c-setup{next(self._numbers)}")
        process.starter = client.name

        def done(completion: Completion) -> None:
            self._clients.close(client)
            if member.process is not process or process.ended:
                return  # A fault was faster, or its end has been noted.
            if completion.type == "ok":
                self._go_on(member, reader)
            else:
                self._fail(member, reader.call.rpc.name, completion.error)

        self._clients.call(client, member, reader, None, done, **fields)

    def _go_on(self, member: Member, reader: ReplyReader) -> None:
        """See to what follows an answer: on a restart, the topology and the release."""
        self._answered.add(member.name)
        if member.epoch == 0:
            member.ready = True
        elif reader is INIT and self._neighbours is not None:
            self._ask(member, TOPOLOGY, topology=self._neighbours)
        else:
            assert member.process is not None, "it has answered"
            member.ready = True
            member.process.release()

    def _await(self, request: str) -> None:
        """Run until every node has answered, failed or ended."""
        self._awaited = request

        def settled() -> bool:
            return all(
                member.name in self._answered or member.name in self._failed
                for member in self.members
            )

        self._driver.run(settled)
        if self._driver.interrupted:
            raise SetupError(f"interrupted before every node had answered {request}")
        if self._failed:
            others = len(self._failed) - 1
            sentence = next(iter(self._failed.values()))
            raise SetupError(
                sentence
                if not others
                else f"{sentence} The same goes for {others} more."
            )

    def _fail(self, member: Member, request: str, error: object) -> None:
        """Note that a node did not come up, with whatever explains it."""
        name, process = member.name, member.process
        if name in self._failed or process is None:
            return
        if process.ended:
            # What the exit itself was noted as is the better sentence.
            self._failed[name] = _ending(process, f"before it answered {request}")
            return
        if error != "timeout":
            kind = "init-error"
            sentence = f"{name} did not accept {request}: {clip(str(error))}."
        else:
            kind = "init-timeout"
            sentence = (
                f"{name} did not answer {request} within "
                f"{self._spec.init_timeout_s:g} s: {_silence(process, request)}"
            )
        self._failed[name] = sentence
        self._problems.note(kind, name, sentence, "\n".join(process.log.tail()))

    def _ended(self, member: Member) -> None:
        """Note the end of a process, and that nobody asked for it."""
        process = member.process
        assert process is not None, "it has ended"
        outcome = process.outcome
        if outcome.expected:
            if self._driver.interrupted:
                self._failed.setdefault(member.name, f"{member.name} was interrupted.")
            return
        member.lost = True
        seconds = self._agenda.now / 1e9
        kind = "killed" if outcome.signal else "exited"
        sentence = _ending(process, f"{seconds:.2f} s into the run")
        self._problems.note(kind, member.name, sentence, "\n".join(outcome.stderr_tail))
        if member.name not in self._answered:
            self._fail(member, self._awaited, None)

    def _note_unflushed(self, name: str, lines: int) -> None:
        self._problems.note(
            "unflushed-output",
            name,
            f"{name} printed {lines} lines only when its input had ended: "
            "its output is buffered. Flush standard output after every line.",
        )


def _silence(process: NodeProcess, request: str) -> str:
    """Say why a running node may not have answered."""
    if process.unread_input():
        return "it has not read its standard input."
    if process.unfinished:
        return (
            f"it printed {process.unfinished} bytes without the line break that "
            "ends a message."
        )
    if process.read_lines == 0:
        return (
            "it has read the request and printed nothing. "
            "Is standard output flushed after every line?"
        )
    return (
        f"it printed {process.read_lines} lines, none of them {request}_ok to "
        f"{process.starter}."
    )


def _ending(process: NodeProcess, when: str) -> str:
    """Return how a process ended, with the last thing it said."""
    outcome = process.outcome
    if outcome.signal is not None:
        how = f"was killed by {outcome.signal}"
    else:
        how = f"exited with status {outcome.exit_code}"
    last = next((line for line in reversed(outcome.stderr_tail) if line.strip()), None)
    words = f"; its last words: {clip(last)!r}" if last else ""
    return f"{outcome.name} {how}, {when}{words}."
