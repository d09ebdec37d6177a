"""Messages and operations a second through the harness, and what they cost it.

Run as `python benchmarks/messages.py [PART OF A NAME]`. Every load lasts two seconds,
in a process of its own, with everything that a run records: history, journal, node
logs. The best of three is printed. A message is counted when it is sent, and only
in the main phase; an echo operation is two messages.

Cheap nodes are compiled from `cheap_node.c` and cost about a microsecond a message,
so that the harness is what is measured. The other nodes are what users have: those
written in Python that come with the harness, and one on Maelstrom's Go library.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from harness.cli._program import find_program
from harness.runner import execute
from harness.spec import RunSpec
from harness.workloads import WORKLOADS
from histories import MessageKind, Store, read_journal


if TYPE_CHECKING:
    from harness.runner import Status
    from histories import Run


HERE = Path(__file__).resolve().parent
GO_NODES = HERE.parent / "tests" / "peers" / "go"
ROUNDS = 3
SECONDS = 2.0
UNLIMITED = 1e6
"""Operations a second that nothing reaches: clients wait for replies alone."""

CLAIMED_MESSAGES = 60_000
"""Messages a second that Maelstrom's README names, on 48 cores."""

MAELSTROM_ECHOES = {10: 10_250, 100: 3_500}
"""Echo operations a second of Maelstrom, a Python node, two cores, by clients."""


class Load(msgspec.Struct, frozen=True):
    """One load to measure.

    Attributes:
        title: What it is called in the table.
        program: The node: `cheap`, `go`, or what `--bin` takes.
        arguments: What the node gets as arguments.
    """

    title: str
    program: str
    workload: str = "echo"
    nodes: int = 1
    clients: int = 10
    rate: float = UNLIMITED
    topology: str = "grid"
    arguments: tuple[str, ...] = ()


class Measurement(msgspec.Struct, frozen=True):
    """What a load gave.

    Attributes:
        operations: Operations with a reply, a second.
        messages: Messages, a second.
        harness_us: Processor time of the harness for each message of the run.
        nodes_us: Processor time of all nodes for each message of the run.
        busy: Cores that the harness kept busy.
    """

    operations: float
    messages: float
    harness_us: float
    nodes_us: float
    busy: float


LOADS = (
    Load("echo, Python node, 10 clients", "echo"),
    Load("echo, Python node, 100 clients", "echo", clients=100),
    Load("echo, Go node, 10 clients", "go"),
    Load("echo, Go node, 100 clients", "go", clients=100),
    Load("echo, cheap node, 10 clients", "cheap"),
    Load("echo, cheap node, 100 clients", "cheap", clients=100),
    Load("ring of 2 nodes, 1 token", "cheap", "echo", 2, 1, 100, arguments=("1",)),
    Load("ring of 2 nodes, 100 tokens", "cheap", "echo", 2, 1, 100, arguments=("100",)),
    Load(
        "ring of 25 nodes, 1000 tokens", "cheap", "echo", 25, 1, 100, "line", ("1000",)
    ),
    Load("flood, 25 nodes, total", "cheap", "broadcast", 25, 25, topology="total"),
    Load("flood, 25 nodes, tree4", "cheap", "broadcast", 25, 25, topology="tree4"),
    Load("Python broadcast, total", "broadcast", "broadcast", 25, 25, 200, "total"),
    Load("Python broadcast, tree4", "broadcast", "broadcast", 25, 25, 2000, "tree4"),
)


class Mute:
    """A progress that tells nobody."""

    def update(self, status: Status) -> None:
        """Take note of nothing."""

    def log(self, node: str, line: str) -> None:
        """Show nothing."""


def main() -> None:
    """Measure every load whose title has the words given; print a table."""
    words = sys.argv[1:]
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, best of {ROUNDS}")
    print(f"{'':47}processor us/message  cores of")
    print(f"{'':32}{'ops/s':>8}{'msgs/s':>9}{'harness':>9}{'nodes':>8}  harness")
    with tempfile.TemporaryDirectory() as folder:
        programs = _build(Path(folder))
        for number, load in enumerate(LOADS):
            if not all(word in load.title for word in words):
                continue
            program = programs.get(load.program, load.program)
            if program is None:
                print(f"{load.title:32}  not measured: it cannot be built here")
                continue
            best = max(
                (_in_a_process(number, program) for _ in range(ROUNDS)),
                key=lambda measurement: measurement.messages,
            )
            print(
                f"{load.title:32}{best.operations:8,.0f}{best.messages:9,.0f}"
                f"{best.harness_us:9.1f}{best.nodes_us:8.1f}{best.busy:9.2f}"
                f"   {_comparison(load, best)}",
                flush=True,
            )
    print(
        f"Maelstrom: {CLAIMED_MESSAGES:,} msgs/s by its README, on 48 cores; echo on two\n"
        "cores, with a Python node, "
        + " and ".join(
            f"{echoes:,} ops/s with {clients} clients"
            for clients, echoes in MAELSTROM_ECHOES.items()
        )
    )


def _comparison(load: Load, found: Measurement) -> str:
    """Return how a figure stands to that of Maelstrom, where it has one."""
    if load.workload == "echo" and load.nodes == 1:
        ratio = found.operations / MAELSTROM_ECHOES[load.clients]
    elif load.program == "cheap":
        ratio = found.messages / CLAIMED_MESSAGES
    else:  # Its rate is given: what it sends is the choice of its author.
        return ""
    return f"{ratio:.1f} x Maelstrom"


def _build(folder: Path) -> dict[str, str | None]:
    """Compile the nodes that are no Python; None stands for one that cannot be."""
    cheap, go = folder / "cheap", folder / "go"
    commands: dict[Path, list[str | Path]] = {
        cheap: ["cc", "-O2", "-o", cheap, HERE / "cheap_node.c"],
        go: ["go", "build", "-C", GO_NODES, "-buildvcs=false", "-o", go, "./echo"],
    }
    return {
        path.name: str(path)
        if shutil.which(str(command[0]))
        and subprocess.run(command, capture_output=True, check=False).returncode == 0
        else None
        for path, command in commands.items()
    }


def _in_a_process(number: int, program: str) -> Measurement:
    """Measure a load in a process of its own."""
    output = subprocess.run(
        [sys.executable, __file__, "--load", str(number), program],
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    return msgspec.json.decode(output, type=Measurement)


def _measure(load: Load, program: str) -> Measurement:
    """Carry out a run, and read off what it has recorded."""
    workload = WORKLOADS[load.workload]
    found = find_program(program, load.arguments)
    spec = RunSpec(
        workload=load.workload,
        bin=found.argv,
        environment=found.environment,
        nodes=tuple(f"n{number}" for number in range(load.nodes)),
        concurrency=load.clients,
        rate=load.rate,
        time_limit_s=SECONDS,
        recovery_s=2.0,
        topology=load.topology,
        seed=1,
    )
    with tempfile.TemporaryDirectory() as folder:
        run = Store(Path(folder)).create(load.workload, dt.datetime.now(dt.UTC))
        harness_s, nodes_s = _cpu_s()
        outcome = execute(spec, workload, run, Mute())
        harness_s, nodes_s = (
            after - before
            for after, before in zip(_cpu_s(), (harness_s, nodes_s), strict=True)
        )
        if outcome.aborted:
            sys.exit(outcome.aborted)
        start = outcome.phases["main"]
        operations, messages = _count(run, start, start + int(SECONDS * 1e9))
    sent = outcome.messages["all"].sent
    return Measurement(
        operations=operations / SECONDS,
        messages=messages / SECONDS,
        harness_us=harness_s / sent * 1e6,
        nodes_us=nodes_s / sent * 1e6,
        busy=harness_s / (outcome.phases["end"] / 1e9),
    )


def _cpu_s() -> tuple[float, float]:
    """Return the processor time of this process, and that of its ended children."""
    used = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    own, children = (resource.getrusage(who) for who in used)
    return own.ru_utime + own.ru_stime, children.ru_utime + children.ru_stime


def _count(run: Run, start: int, end: int) -> tuple[int, int]:
    """Return how many operations ended, and how many messages left, in a window."""
    operations = sum(
        event.type == "ok" and start <= event.time < end
        for event in run.history().events()
    )
    messages = sum(
        message.kind == MessageKind.SEND and start <= message.time < end
        for message in read_journal(run.journal_path)
    )
    return operations, messages


if __name__ == "__main__":
    if sys.argv[1:2] == ["--load"]:
        result = _measure(LOADS[int(sys.argv[2])], sys.argv[3])
        print(json.dumps(msgspec.to_builtins(result)))
    else:
        main()
