"""Faults of simulated nodes: what is lost, what is kept, and what waits."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Any

import pytest

from harness.runner import Quiet, execute
from harness.simulation._stage import PATIENCE, EndlessError, Stage
from harness.spec import Change, RunSpec
from harness.workloads import WORKLOADS
from histories import MessageKind, Store, read_journal


if TYPE_CHECKING:
    from pathlib import Path

    from histories import Outcome, Run

NODE = """
import sys
from nodes.runtime import Node, every, handler, run

class Told(Node):
    def start(self):
        self.number = 0
        print(f"start {self.epoch} {self.disk.read('number')}", file=sys.stderr)

    @handler("echo")
    def echo(self, message):
        self.number += 1
        self.disk.write("number", self.number)
        print(f"echo {self.number} {self.now_ns} {self.clock_ns()}", file=sys.stderr)
        return {"type": "echo_ok", "echo": message["body"]["echo"]}

    @every(0.05)
    def tick(self):
        print(f"tick {self.now_ns}", file=sys.stderr)

run(Told)
"""

MS = 1_000_000


def run_under(folder: Path, *schedule: Change, **fields: Any) -> tuple[Run, Outcome]:
    """Carry out a run of one node under given faults."""
    path = folder / "node.py"
    path.write_text(NODE)
    defaults: dict[str, Any] = {
        "workload": "echo",
        "nodes": ("n1",),
        "concurrency": 1,
        "rate": 100.0,
        "time_limit_s": 1.0,
        "timeout_ms": 100,
        "seed": 1,
    }
    names = {change.f.partition("-")[2] for change in schedule}
    spec = RunSpec(
        bin=(sys.executable, str(path)),
        transport="simulated",
        nemesis=tuple(sorted(names)),
        schedule=schedule,
        **{**defaults, **fields},
    )
    run = Store(folder / "store").create("echo", dt.datetime.now(dt.UTC))
    outcome = execute(spec, WORKLOADS["echo"], run, Quiet())
    assert outcome.problems == () or {p.kind for p in outcome.problems} == {
        "late-reply"
    }
    return run, outcome


def log_of(run: Run) -> list[list[str]]:
    """Return the words of each line that the node logged."""
    return [line.split() for line in run.log_path("n1").read_text().splitlines()]


@pytest.mark.parametrize("disk", ["kept", "lost"])
def test_a_killed_node_keeps_its_disk_alone(tmp_path: Path, disk: str) -> None:
    """Memory is lost; the disk is there again, unless the fault took it as well."""
    run, outcome = run_under(
        tmp_path,
        Change(300 * MS, "start-kill", {"nodes": ["n1"], "disk": {"n1": disk}}),
        Change(600 * MS, "stop-kill"),
    )
    log = log_of(run)
    second = log.index(next(line for line in log if line[:2] == ["start", "1"]))
    last = next(line for line in reversed(log[:second]) if line[0] == "echo")
    assert log[0] == ["start", "0", "None"]
    assert log[second][2] == (last[1] if disk == "kept" else "None")
    assert next(line for line in log[second:] if line[0] == "echo")[1] == "1"
    assert outcome.nodes[0].restarts == 1
    assert outcome.messages["clients"].dropped["dead"] > 0


def test_a_killed_node_tells_nobody_what_it_was_doing(tmp_path: Path) -> None:
    """Of what was handled and not yet emitted nothing comes out."""
    run, _ = run_under(
        tmp_path,
        Change(300 * MS, "start-kill", {"nodes": ["n1"], "disk": {"n1": "kept"}}),
        Change(600 * MS, "stop-kill"),
    )
    sent = [
        message.time
        for message in read_journal(run.journal_path)
        if message.kind == MessageKind.SEND and message.src == "n1"
    ]
    begin = next(e.time for e in run.history().nemesis() if e.f == "start-kill")
    end = next(e.time for e in run.history().nemesis() if e.f == "stop-kill")
    assert not [time for time in sent if begin < time <= end]


def test_a_paused_node_does_nothing_and_then_all(tmp_path: Path) -> None:
    """Neither messages nor timers are handled; what came waits for the end."""
    run, _ = run_under(
        tmp_path,
        Change(300 * MS, "start-pause", {"nodes": ["n1"]}),
        Change(380 * MS, "stop-pause"),
    )
    begin = next(e.time for e in run.history().nemesis() if e.f == "start-pause")
    end = next(e.time for e in run.history().nemesis() if e.f == "stop-pause")
    times = [int(line[1 if line[0] == "tick" else 2]) for line in log_of(run)[1:]]
    assert not [time for time in times if begin < time < end]
    assert [time for time in times if time >= end]
    # The one operation that was open is answered late, and all go on.
    assert {op.status for op in run.history().operations()} == {"ok"}


def test_a_clock_is_wrong_while_it_is_struck(tmp_path: Path) -> None:
    """The wall clock is off by the offset; the node's own time is not."""
    run, _ = run_under(
        tmp_path,
        Change(300 * MS, "start-clock", {"offsets_s": {"n1": -2.5}}),
        Change(600 * MS, "stop-clock"),
    )
    errors = {
        int(line[3]) - int(line[2]) - 1_767_225_600 * 10**9
        for line in log_of(run)
        if line[0] == "echo"
    }
    assert errors == {0, -2_500_000_000}


def test_faults_leave_a_seed_an_execution(tmp_path: Path) -> None:
    """Drawn faults are the same again, and so is all that comes of them."""
    names = ("clock", "kill", "pause", "roam")
    histories = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "node.py"
        path.write_text(NODE)
        spec = RunSpec(
            workload="echo",
            bin=(sys.executable, str(path)),
            nodes=("n1", "n2", "n3"),
            concurrency=6,
            transport="simulated",
            rate=200.0,
            time_limit_s=3.0,
            nemesis=names,
            nemesis_interval_s=0.3,
            seed=9,
        )
        run = Store(folder).create("echo", dt.datetime.now(dt.UTC))
        execute(spec, WORKLOADS["echo"], run, Quiet())
        histories.append(run.history_path.read_bytes() + run.journal_path.read_bytes())
        started = {event.f for event in run.history().nemesis()}
        assert started >= {f"start-{name}" for name in names}
    assert histories[0] == histories[1]


def test_a_step_that_does_not_end_is_ended() -> None:
    """A program is let be as long as steps follow each other, and then no longer."""
    asked = [False]
    stage = Stage(1, ".", lambda: asked[0])
    for _ in range(3 * PATIENCE):
        stage.enter(sys.stdout, sys.stderr)
        stage.look()
        stage.leave()
    stage.enter(sys.stdout, sys.stderr)
    for _ in range(PATIENCE):
        stage.look()
    with pytest.raises(EndlessError):
        stage.look()
    asked[0] = True
    stage.leave()
    stage.look()
    stage.enter(sys.stdout, sys.stderr)
    stage.look()
    with pytest.raises(EndlessError):
        stage.look()
    stage.leave()
