"""The nodes of a run: started, initialised, watched and ended.

Whatever happens to the harness, no node outlives it: `stop` ends nodes politely and
then by force, `kill` at once, and the watchdog does when the harness no longer can.
"""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from .errors import HarnessError
from .network.topology import topology
from .problems import clip
from .rpc import Call, Field, ReplyReader, Rpc
from .transports.processes import ProcessNode, tail_lines
from .transports.watchdog import MARK, Watchdog
from .wire import Gateway


if TYPE_CHECKING:
    from collections.abc import Iterator

    from histories import NodeOutcome, Run

    from .agenda import Agenda
    from .clients import ClientPool, Completion
    from .loop import Loop
    from .network import Network
    from .problems import ProblemLog
    from .spec import RunSpec

EOF_GRACE_S = 0.5
"""How long a node may take to end once its input has ended, before SIGTERM."""

READ_GRACE_NS = 200_000_000
"""How long a node may take, at the end, to have read all that was sent to it once."""

TERM_GRACE_S = 1.0
"""How long it may then take, before SIGKILL."""

BAD_LINES_LIMIT = 10_000
"""Lines that are no messages after which a node is not listened to any more."""

_WATCH_NS = 50_000_000
_INTERRUPTS = frozenset({"SIGINT", "SIGTERM", "SIGHUP"})

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
    """All nodes of a run."""

    def __init__(
        self,
        spec: RunSpec,
        run: Run,
        *,
        agenda: Agenda,
        loop: Loop,
        network: Network,
        problems: ProblemLog,
        clients: ClientPool,
    ) -> None:
        """Make a cluster without processes; `clients` carry out the setup."""
        self.nodes: list[ProcessNode] = []
        self._spec = spec
        self._run = run
        self._agenda = agenda
        self._loop = loop
        self._network = network
        self._problems = problems
        self._clients = clients
        self._gateway = Gateway(network, problems)
        self._watchdog: Watchdog | None = None
        self._awaited = ""
        self._ready: set[str] = set()
        self._failed: dict[str, str] = {}

    def start(self) -> None:
        """Start every node and have it initialised, all in parallel.

        Raises:
            SetupError: A node could not be started or did not answer as it must.
        """
        self._watchdog = Watchdog()
        for name in self._spec.nodes:
            self._spawn(name)
        self._watch()
        ids = list(self._spec.nodes)
        for node in self.nodes:
            self._ask(node, INIT, node_id=node.name, node_ids=ids)
        self._await("init")
        for node in self.nodes:
            node.release()

    def send_topology(self) -> None:
        """Tell every node its neighbours.

        Raises:
            SetupError: A node did not answer as it must.
        """
        neighbours = topology(self._spec.topology, self._spec.nodes)
        self._ready.clear()
        for node in self.nodes:
            self._ask(node, TOPOLOGY, topology=neighbours)
        self._await("topology")

    def flush(self) -> None:
        """Write everything that is queued for nodes."""
        for node in self.nodes:
            node.flush()

    def all_ended(self) -> bool:
        """Return whether every process has ended; asks the system."""
        ended = [node.check_ended() for node in self.nodes]
        return all(ended)

    def stop(self) -> None:
        """End every node: end of input, SIGTERM, then SIGKILL of its group."""
        self._note_unread()
        heard = {node.name: node.read_lines for node in self.nodes}
        for node in self.nodes:
            node.close_input()
        self._run_until_ended(EOF_GRACE_S)
        for number, grace_s in (
            (signal.SIGTERM, TERM_GRACE_S),
            (signal.SIGKILL, 5.0),
        ):
            for node in self.nodes:
                node.signal_group(number)
            self._run_until_ended(grace_s)
            if number is signal.SIGTERM:
                self._note_slow_exits()
        for node in self.nodes:
            late = node.read_lines - heard[node.name]
            if late and node.name in self._failed:
                self._note_unflushed(node, late)

    def kill(self) -> None:
        """End every node at once."""
        for node in self.nodes:
            node.signal_group(signal.SIGKILL)
        for node in self.nodes:
            node.wait()
        if self._watchdog is not None:
            self._watchdog.close()
            self._watchdog = None

    def new_stderr(self) -> Iterator[tuple[str, str]]:
        """Yield what nodes wrote to standard error since the last time."""
        for node in self.nodes:
            for line in node.new_stderr():
                yield node.name, line

    def outcomes(self) -> tuple[NodeOutcome, ...]:
        """Return how each node ended."""
        return tuple(node.outcome for node in self.nodes)

    def _spawn(self, name: str) -> None:
        assert self._watchdog is not None, "it is there before the first node"
        spec = self._spec
        environment = {
            **os.environ,
            **spec.environment,
            "HARNESS_SEED": str(spec.seed),
            MARK: self._watchdog.mark,
        }
        try:
            node = ProcessNode(
                name,
                argv=spec.bin,
                environment=environment,
                log=self._run.log_path(name),
                agenda=self._agenda,
                loop=self._loop,
                problems=self._problems,
                on_line=self._receive,
                on_end=self._ended,
            )
        except OSError as error:
            sentence = _spawn_failure(name, spec.bin[0], error)
            self._problems.note("spawn-failed", name, sentence)
            raise SetupError(sentence) from error
        self.nodes.append(node)
        self._network.attach(node)
        self._watchdog.guard(node.group)

    def _receive(self, node: ProcessNode, line: bytes) -> None:
        if not self._gateway.receive(node, line):
            node.bad_lines += 1
            if node.bad_lines == BAD_LINES_LIMIT:
                node.mute()
                self._problems.note(
                    "flood",
                    node.name,
                    f"{node.name} printed {BAD_LINES_LIMIT} lines that are no "
                    "messages; nothing that it prints is listened to any more.",
                )

    def _ask(self, node: ProcessNode, reader: ReplyReader, **fields: object) -> None:
        """Send a setup request, and take note of what comes of it."""
        client = self._clients.open()
        node.starter = client.name

        def done(completion: Completion) -> None:
            if completion.type == "ok":
                self._ready.add(node.name)
            else:
                self._fail(node, reader.call.rpc.name, completion.error)

        self._clients.call(client, node, reader, None, done, **fields)

    def _await(self, request: str) -> None:
        """Run until every node has answered, failed or ended."""
        self._awaited = request

        def settled() -> bool:
            return all(
                node.name in self._ready or node.name in self._failed
                for node in self.nodes
            )

        self._loop.run(settled)
        if self._loop.interrupted:
            raise SetupError(f"interrupted before every node had answered {request}")
        if self._failed:
            others = len(self._failed) - 1
            sentence = next(iter(self._failed.values()))
            raise SetupError(
                sentence
                if not others
                else f"{sentence} The same goes for {others} more."
            )

    def _fail(self, node: ProcessNode, request: str, error: object) -> None:
        """Note that a node did not come up, with whatever explains it."""
        if node.name in self._failed:
            return
        name = node.name
        if node.ended:
            # What the exit itself was noted as is the better sentence.
            self._failed[name] = _ending(node, f"before it answered {request}")
            return
        if error != "timeout":
            kind = "init-error"
            sentence = f"{name} did not accept {request}: {clip(str(error))}."
        else:
            kind = "init-timeout"
            sentence = (
                f"{name} did not answer {request} within {self._spec.init_timeout_s:g} s: "
                f"{self._silence(node, request)}"
            )
        self._failed[name] = sentence
        self._problems.note(kind, name, sentence, "\n".join(tail_lines(node.log)))

    def _silence(self, node: ProcessNode, request: str) -> str:
        """Say why a running node may not have answered."""
        if node.unread_input():
            return "it has not read its standard input."
        if node.unfinished:
            return (
                f"it printed {node.unfinished} bytes without the line break that "
                "ends a message."
            )
        if node.read_lines == 0:
            return (
                "it has read the request and printed nothing. "
                "Is standard output flushed after every line?"
            )
        return (
            f"it printed {node.read_lines} lines, none of them {request}_ok to "
            f"{node.starter}."
        )

    def _watch(self) -> None:
        """See to nodes that have ended, now and then."""
        if not self.all_ended():
            self._agenda.at(self._agenda.now + _WATCH_NS, self._watch)

    def _ended(self, node: ProcessNode) -> None:
        """Note the end of a process, and that nobody asked for it."""
        if self._watchdog is not None:
            self._watchdog.dismiss(node.group)
        if node.outcome.expected:
            return
        if self._loop.interrupted and node.outcome.signal in _INTERRUPTS:
            # Until a child has a session of its own, Ctrl-C reaches it as well.
            node.outcome = msgspec.structs.replace(node.outcome, expected=True)
            self._failed.setdefault(node.name, f"{node.name} was interrupted.")
            return
        seconds = self._agenda.now / 1e9
        kind = "killed" if node.outcome.signal else "exited"
        sentence = _ending(node, f"{seconds:.2f} s into the run")
        evidence = "\n".join(node.outcome.stderr_tail)
        self._problems.note(kind, node.name, sentence, evidence)
        if node.name not in self._ready:
            self._fail(node, self._awaited, None)

    def _run_until_ended(self, grace_s: float) -> None:
        deadline = self._agenda.now + int(grace_s * 1e9)
        self._loop.run(self.all_ended, deadline=deadline)

    def _note_unread(self) -> None:
        """Note nodes that leave messages lying: they are stuck, or not running."""
        unread = [node for node in self.nodes if node.unread_input()]

        def all_read() -> bool:
            unread[:] = [node for node in unread if node.unread_input()]
            return not unread

        self._loop.run(all_read, deadline=self._agenda.now + READ_GRACE_NS)
        for node in unread:
            self._problems.note(
                "unread-input",
                node.name,
                f"{node.name} had not read what was sent to it when the run ended: "
                "it is stuck, stopped, or slower than its input.",
            )

    def _note_slow_exits(self) -> None:
        for node in self.nodes:
            if not node.ended:
                self._problems.note(
                    "slow-exit",
                    node.name,
                    f"{node.name} ended neither with its input nor on SIGTERM and "
                    "had to be killed.",
                )

    def _note_unflushed(self, node: ProcessNode, lines: int) -> None:
        self._problems.note(
            "unflushed-output",
            node.name,
            f"{node.name} printed {lines} lines only when its input had ended: "
            "its output is buffered. Flush standard output after every line.",
        )


def _ending(node: ProcessNode, when: str) -> str:
    """Return how a process ended, with the last thing it said."""
    outcome = node.outcome
    if outcome.signal is not None:
        how = f"was killed by {outcome.signal}"
    else:
        how = f"exited with status {outcome.exit_code}"
    last = next((line for line in reversed(outcome.stderr_tail) if line.strip()), None)
    words = f"; its last words: {clip(last)!r}" if last else ""
    return f"{node.name} {how}, {when}{words}."


def _spawn_failure(name: str, program: str, error: OSError) -> str:
    """Say why a program could not be started, and what to do."""
    if isinstance(error, PermissionError):
        advice = f"make it executable: chmod +x {program}"
    elif isinstance(error, FileNotFoundError) and Path(program).exists():
        advice = "the interpreter named in its first line (#!) does not exist"
    elif isinstance(error, FileNotFoundError):
        advice = "there is no such file"
    elif error.errno == errno.ENOEXEC:
        advice = "it is no program: a script needs a first line such as #!/usr/bin/env python3"
    else:
        advice = str(error.strerror)
    return f"{name} could not be started from {program}: {advice}."
