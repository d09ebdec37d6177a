"""Faults of processes and clients on real processes, seen from outside or by the node."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.nemesis.kill import Kill
from harness.nemesis.pause import Pause
from harness.nemesis.roam import Roam
from harness.spec import Change
from histories import Store


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
MS = 1_000_000

LOGGING = f"""
    sys.path.insert(0, {str(ROOT)!r})
    from nodes._clock import wall_clock_ns

    def log(**what):
        sys.stderr.write(json.dumps(what) + "\\n")
        sys.stderr.flush()

    kept = os.path.join(os.environ["HARNESS_DISK"], "kept")
    log(pid=os.getpid(), epoch=os.environ["HARNESS_EPOCH"], kept=os.path.exists(kept))
    open(kept, "w").close()
    for message in messages():
        offset = wall_clock_ns(os.environ["HARNESS_CLOCK"]) - time.time_ns()
        log(offset=round(offset / 1e9, 1), now=time.monotonic(), src=message["src"])
        ok(message, echo=message["body"]["echo"])
"""
"""A node that tells its log what it sees of faults, and echoes."""


def schedule(*changes: tuple[int, str, Any]) -> dict[str, Any]:
    """Return the parts of a spec for these changes, at milliseconds."""
    made = tuple(Change(ms * MS, f, value) for ms, f, value in changes)
    return {"schedule": made, "time_limit_s": 0.8, "recovery_s": 0.1}


def logged(trial: Any, node: str) -> list[dict[str, Any]]:
    """Return what a node told its log."""
    text = trial.run.log_path(node).read_text()
    return [json.loads(line) for line in text.splitlines()]


def state_of(pid: int) -> str | None:
    """Return the state of a process, as the system sees it; None if it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    return text.rpartition(")")[2].split()[0]


def watch(monkeypatch: pytest.MonkeyPatch, fault: Any) -> list[str | None]:
    """Return a list that gets the state of n1 after each start and stop of a fault."""
    states: list[str | None] = []
    for step in ("start", "stop"):
        original = getattr(fault, step)

        def wrapped(self: Any, *plan: Any, _original: Any = original) -> Any:
            pid = self._arena.machines._by_name["n1"].process._process.pid
            result = _original(self, *plan)
            states.append(state_of(pid))
            return result

        monkeypatch.setattr(fault, step, wrapped)
    return states


@pytest.mark.parametrize("disk", ["kept", "lost"])
def test_a_killed_node_is_dead_and_comes_back(
    try_node: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, disk: str
) -> None:
    """Its process is gone, the next one has another number and the disk it is left."""
    states = watch(monkeypatch, Kill)
    plan = {"nodes": ["n1"], "disk": {"n1": disk}, "sentence": "n1 is killed"}
    trial = try_node(
        LOGGING, **schedule((200, "start-kill", plan), (400, "stop-kill", None))
    )
    assert states == [None, None]
    births = [line for line in logged(trial, "n1") if "pid" in line]
    assert [birth["epoch"] for birth in births] == ["0", "1"]
    assert [birth["kept"] for birth in births] == [False, disk == "kept"]
    assert births[0]["pid"] != births[1]["pid"]
    assert [birth["epoch"] for birth in logged(trial, "n2") if "pid" in birth] == ["0"]
    assert [node.restarts for node in trial.outcome.nodes] == [1, 0]
    effect = trial.outcome.faults["kill"]
    assert (effect["killed"], effect["restarted"]) == (1, 1)
    assert effect["dead_ns"] >= 150 * MS
    assert trial.outcome.messages["all"].dropped["dead"] > 0
    assert trial.kinds == []
    assert logged(trial, "n1")[-1].get("offset") == 0.0, "it answers again"


def test_a_paused_node_stands_still_and_goes_on(
    try_node: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system calls it stopped, its log has a gap, and no request is lost."""
    states = watch(monkeypatch, Pause)
    plan = {"nodes": ["n1"], "sentence": "n1 is paused"}
    trial = try_node(
        LOGGING,
        timeout_ms=2000,
        **schedule((200, "start-pause", plan), (500, "stop-pause", None)),
    )
    assert states[0] == "T"
    assert states[1] not in {"T", None}
    times = [line["now"] for line in logged(trial, "n1") if "now" in line]
    assert max(b - a for a, b in pairwise(times)) > 0.28
    assert set(trial.statuses()) == {"ok"}
    effect = trial.outcome.faults["pause"]
    assert effect["paused"] == 1
    assert 290 * MS < effect["paused_ns"] < 600 * MS


def test_a_node_sees_the_wrong_clock_and_the_right_one_again(
    try_node: Callable[..., Any],
) -> None:
    """The error is what the plan says, for as long as the fault is in force."""
    plan = {"offsets_s": {"n1": -7.5, "n2": 120.0}, "sentence": "clocks are wrong"}
    trial = try_node(
        LOGGING, **schedule((200, "start-clock", plan), (500, "stop-clock", None))
    )
    for node, offset in (("n1", -7.5), ("n2", 120.0)):
        seen = [line["offset"] for line in logged(trial, node) if "offset" in line]
        changes = [b for a, b in zip([None, *seen], seen, strict=False) if a != b]
        assert changes == [0.0, offset, 0.0]
    assert trial.outcome.faults["clock"]["clocks"] == 2


def test_a_clock_that_a_node_never_asks_was_no_fault_to_it(
    try_node: Callable[..., Any],
) -> None:
    """The node does its work without the time, so nothing was changed."""
    plan = {"offsets_s": {"n1": -7.5}, "sentence": "clocks are wrong"}
    trial = try_node(
        """
        for message in messages():
            ok(message, echo=message["body"]["echo"])
        """,
        **schedule((200, "start-clock", plan), (500, "stop-clock", None)),
    )
    assert trial.outcome.faults["clock"] == {"times": 1, "effective": 0, "clocks": 0}


def test_under_libfaketime_the_same_file_moves_the_clock_of_any_program(
    try_node: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library is preloaded and reads the file; the node itself does not."""
    monkeypatch.setenv("FAKETIME", "+3d")
    plan = {"offsets_s": {"n1": -7.5}, "sentence": "clocks are wrong"}
    trial = try_node(
        """
        names = ("LD_PRELOAD", "FAKETIME", "FAKETIME_TIMESTAMP_FILE", "HARNESS_CLOCK")
        path = os.environ["FAKETIME_TIMESTAMP_FILE"]
        print(json.dumps([os.environ.get(name) for name in names]), file=sys.stderr)
        for message in messages():
            print(json.dumps(open(path).read()), file=sys.stderr)
            ok(message, echo=message["body"]["echo"])
        """,
        faketime="/nowhere/libfaketime.so.1",
        **schedule((200, "start-clock", plan), (500, "stop-clock", None)),
    )
    lines = trial.run.log_path("n1").read_text().splitlines()
    told = [json.loads(line) for line in lines if line[0] in '["']
    clock = str(trial.run.clock_path("n1"))
    assert told[0] == ["/nowhere/libfaketime.so.1", None, clock, None]
    assert list(dict.fromkeys(told[1:])) == ["+0.000000\n", "-7.500000\n"]


def test_clients_roam_and_stay_who_they_are(try_node: Callable[..., Any]) -> None:
    """Each node hears both clients while they roam; processes keep their numbers."""
    plan = {"clients": [0, 1], "nodes": ["n2", "n1"], "sentence": "clients roam"}
    trial = try_node(
        LOGGING, **schedule((200, "start-roam", plan), (500, "stop-roam", None))
    )
    operations = list(trial.run.history().operations())
    assert {operation.process for operation in operations} == {0, 1}
    homes = {0: "n1", 1: "n2"}
    away = [op for op in operations if op.node != homes[op.process]]
    assert len(away) == trial.outcome.faults["roam"]["roamed"] > 5
    for node in ("n1", "n2"):
        sources = [line["src"] for line in logged(trial, node) if "src" in line]
        assert {"c0", "c1"} <= set(sources)
    begin = trial.outcome.phases["main"]
    for op in away:
        assert 190 * MS < op.start_time - begin < 600 * MS
    assert operations[-1].node == homes[operations[-1].process], "home again"


def test_faults_in_force_at_the_end_are_healed_before_the_final_reads(
    try_node: Callable[..., Any],
) -> None:
    """Killed nodes are back and paused ones go on, though no stop was planned."""
    kill = {"nodes": ["n1"], "disk": {}, "sentence": "n1 is killed"}
    pause = {"nodes": ["n2"], "sentence": "n2 is paused"}
    trial = try_node(
        LOGGING,
        **schedule((300, "start-kill", kill), (400, "start-pause", pause)),
    )
    fs = [event.f for event in trial.run.history().nemesis()]
    assert fs[-4:] == ["stop-kill", "stop-kill", "stop-pause", "stop-pause"]
    made = [change["f"] for change in trial.run.spec()["schedule"]]
    assert made == ["start-kill", "start-pause", "stop-kill", "stop-pause"]
    assert all(node.expected for node in trial.outcome.nodes)
    assert logged(trial, "n2")[-1]["now"] > 0


def test_a_crash_of_a_faults_code_leaves_no_process_behind(
    try_node: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run goes on, is recorded to its end, and tells what failed."""

    def fail(*_: Any) -> None:
        raise RuntimeError("roaming is broken")

    monkeypatch.setattr(Roam, "start", fail)
    plan = {"clients": [0], "nodes": ["n2"], "sentence": "clients roam"}
    pause = {"nodes": ["n2"], "sentence": "n2 is paused"}
    trial = try_node(
        LOGGING,
        timeout_ms=2000,
        **schedule((200, "start-pause", pause), (250, "start-roam", plan)),
    )
    assert trial.kinds == ["fault-failed"]
    for node in ("n1", "n2"):
        assert state_of(logged(trial, node)[0]["pid"]) is None


def test_an_interrupt_heals_what_is_in_force(try_node: Callable[..., Any]) -> None:
    """Ctrl-C in the middle of faults ends them, the run and every process."""
    kill = {"nodes": ["n1"], "disk": {}, "sentence": "n1 is killed"}
    pause = {"nodes": ["n2"], "sentence": "n2 is paused"}
    faults = schedule((200, "start-kill", kill), (200, "start-pause", pause))
    faults["time_limit_s"] = 600.0
    timer = threading.Timer(0.8, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    trial = try_node(LOGGING, **faults)
    timer.join()
    assert trial.outcome.interrupted
    fs = [event.f for event in trial.run.history().nemesis()]
    assert fs[-4:] == ["stop-kill", "stop-kill", "stop-pause", "stop-pause"]
    for node in ("n1", "n2"):
        for line in logged(trial, node):
            assert "pid" not in line or state_of(line["pid"]) is None


def test_no_process_outlives_a_harness_that_is_killed_under_faults(
    tmp_path: Path,
) -> None:
    """Neither a paused node nor one that was started again is left."""
    harness = subprocess.Popen(
        [
            *(sys.executable, "-c", "from harness.cli import main; main()"),
            *("run", "-w", "g-counter", "--time-limit", "600", "--json"),
            *("--nemesis", "kill,pause,clock,roam", "--nemesis-interval", "0.1"),
            *("--store", str(tmp_path / "store")),
        ],
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
    )
    try:
        run = wait_for(lambda: next(iter(Store(tmp_path / "store").runs()), None))
        wait_for(
            lambda: (
                run.history_path.exists()
                and run.history_path.read_bytes().count(b"stop-kill") >= 4
            )
        )
        mark = str(run.path).encode()
        assert any(marked(mark))
    finally:
        harness.kill()
        harness.wait()
    wait_for(lambda: not any(marked(mark)))
    assert len(run.history()) > 40


def marked(mark: bytes) -> Iterator[int]:
    """Yield the processes whose environment has these bytes: nodes of a run."""
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if mark in path.read_bytes():
                yield int(path.parent.name)


def wait_for(found: Callable[[], Any]) -> Any:
    """Return what is found once it is, within ten seconds."""
    deadline = time.monotonic() + 10
    while True:
        result = found()
        if result:
            return result
        assert time.monotonic() < deadline, "nothing came of it"
        time.sleep(0.01)


def test_a_node_that_is_being_initialised_is_not_paused(
    try_node: Callable[..., Any],
) -> None:
    """It would be taken for one that does not answer, and lost for the rest."""
    kill = {"nodes": ["n1"], "disk": {}, "sentence": "n1 is killed"}
    pause = {"nodes": ["n1", "n2"], "sentence": "n1 and n2 are paused"}
    trial = try_node(
        LOGGING,
        init_timeout_s=0.3,
        **schedule(
            (100, "start-kill", kill),
            (200, "stop-kill", None),
            (200, "start-pause", pause),
        ),
    )
    assert trial.outcome.faults["pause"]["paused"] == 1
    assert "init-timeout" not in trial.kinds
    assert "offset" in logged(trial, "n1")[-1], "it answers again"


def test_a_node_that_is_back_late_is_waited_for(try_node: Callable[..., Any]) -> None:
    """A run does not end while a node that it killed is being initialised."""
    kill = {"nodes": ["n1"], "disk": {}, "sentence": "n1 is killed"}
    trial = try_node(
        """
        time.sleep(0.3)
        for message in messages():
            ok(message, echo=message["body"]["echo"])
        """,
        timeout_ms=50,
        **schedule((100, "start-kill", kill), (700, "stop-kill", None)),
    )
    assert set(trial.kinds) <= {"late-reply"}
    restarted, main = trial.outcome.phases["teardown"], trial.outcome.phases["main"]
    assert restarted - main > 1000 * MS
