"""Whole runs on real processes: phases, faults, interrupts and sudden death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from histories import Store, read_journal
from nodes import command


if TYPE_CHECKING:
    from collections.abc import Callable


def bundled(name: str) -> dict[str, Any]:
    """Return the parts of a spec that start a bundled node."""
    argv, environment = command(name)
    return {"bin": tuple(argv), "environment": environment}


def test_a_run_goes_through_its_phases_and_reads_every_node(
    try_node: Callable[..., Any],
) -> None:
    """The history ends with a final read of each node, all of them complete."""
    nodes = ("n1", "n2", "n3")
    trial = try_node(
        "",
        workload="g-counter",
        nodes=nodes,
        time_limit_s=0.5,
        nemesis=("partition",),
        nemesis_interval_s=0.1,
        **bundled("g-counter"),
    )
    assert list(trial.outcome.phases) == [
        "setup",
        "main",
        "recovery",
        "teardown",
        "end",
    ]
    history = trial.run.history()
    final = [operation for operation in history.operations() if operation.final]
    assert sorted(operation.node for operation in final) == list(nodes)
    assert {operation.status for operation in final} == {"ok"}
    total = sum(
        operation.input
        for operation in history.operations()
        if operation.f == "add" and operation.status == "ok"
    )
    assert {operation.output for operation in final} == {total}
    faults = [event.f for event in history.nemesis()]
    assert faults[:2] == ["start-partition", "start-partition"]
    assert faults[-1] == "stop-partition"
    assert trial.outcome.messages["servers"].dropped["partition"] > 0


def test_what_is_lost_to_the_end_of_a_run_is_no_loss(
    try_node: Callable[..., Any],
) -> None:
    """A node that talks to another one, which has ended before it, lost nothing."""
    trial = try_node("""
        for message in messages():
            ok(message, echo=message["body"]["echo"])
        for _ in range(40 if node_id == "n2" else 0):
            send("n1", {"type": "are_you_there"})
            time.sleep(0.005)
    """)
    assert set(trial.statuses()) == {"ok"}
    assert trial.outcome.messages["all"].dropped == {}
    sent = sum(message.kind == 0 for message in read_journal(trial.run.journal_path))
    assert trial.outcome.messages["all"].sent == sent, "the journal has them all"


@pytest.mark.parametrize("workload", ["g-set", "g-counter", "pn-counter"])
def test_recovery_goes_on_until_open_adds_have_arrived_too(
    try_node: Callable[..., Any], workload: str
) -> None:
    """What each node shows is acceptable without them, but the nodes disagree."""
    trial = try_node(
        """
        import select
        mine, seen, counter, sent = [], [], False, time.monotonic()
        while True:
            if select.select([0], [], [], 0.05)[0]:
                line = sys.stdin.buffer.raw.readline()
                if not line:
                    break
                message = json.loads(line)
                body = message["body"]
                if body["type"] == "init":
                    node_id, peers = body["node_id"], body["node_ids"]
                    ok(message)
                elif body["type"] == "add":
                    counter = "delta" in body
                    mine.append(body["delta"] if counter else body["element"])
                    reply(message, type="error", code=13)
                elif body["type"] == "read":
                    ok(message, value=sum(mine + seen) if counter else mine + seen)
                else:
                    seen = body["elements"]
            if time.monotonic() - sent > 0.4 and node_id:
                sent = time.monotonic()
                for peer in peers:
                    if peer != node_id:
                        send(peer, {"type": "gossip", "elements": mine})
        """,
        workload=workload,
        recovery_s=5.0,
    )
    final = [o for o in trial.run.history().operations() if o.final]
    values = [
        sorted(o.output) if isinstance(o.output, list) else o.output for o in final
    ]
    assert len(values) == 2
    assert values[0] == values[1]
    assert values[0]


def test_with_fewer_clients_than_nodes_every_node_is_still_read(
    try_node: Callable[..., Any],
) -> None:
    """Final reads are owed by nodes, not by clients."""
    trial = try_node(
        "",
        workload="g-set",
        nodes=("n1", "n2", "n3", "n4"),
        concurrency=1,
        **bundled("g-set"),
    )
    operations = list(trial.run.history().operations())
    main = {operation.node for operation in operations if operation.f == "add"}
    final = {operation.node for operation in operations if operation.final}
    assert main == {"n1"}
    assert final == {"n1", "n2", "n3", "n4"}


def test_the_journal_holds_what_was_counted(try_node: Callable[..., Any]) -> None:
    """Every send and every delivery is on disk, none twice."""
    trial = try_node("", workload="broadcast", topology="line", **bundled("broadcast"))
    messages = list(read_journal(trial.run.journal_path))
    counts = trial.outcome.messages["all"]
    assert sum(message.kind == 0 for message in messages) == counts.sent
    assert sum(message.kind == 1 for message in messages) == counts.received
    assert len({message.id for message in messages}) == counts.sent


def test_one_seed_gives_one_sequence_of_operations(
    try_node: Callable[..., Any],
) -> None:
    """The workload draws from its own randomness, whatever the timing."""

    def operations(seed: int) -> list[tuple[str, Any]]:
        trial = try_node("", workload="pn-counter", seed=seed, **bundled("pn-counter"))
        return [
            (operation.f, operation.input)
            for operation in trial.run.history().operations()
        ][:15]

    assert operations(7) == operations(7)
    assert operations(7) != operations(8)


def test_an_interrupt_ends_the_run_with_what_was_recorded(
    try_node: Callable[..., Any],
) -> None:
    """Ctrl-C skips what is left, ends the nodes and keeps the history."""
    before = signal.getsignal(signal.SIGINT)
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    trial = try_node(
        "", workload="g-counter", time_limit_s=600.0, **bundled("g-counter")
    )
    timer.join()
    assert trial.outcome.interrupted
    assert len(trial.run.history()) > 10
    assert "recovery" not in trial.outcome.phases
    assert all(node.expected for node in trial.outcome.nodes)
    assert signal.getsignal(signal.SIGINT) is before, "handlers are put back"


def test_an_interrupt_that_hits_a_starting_node_too_is_not_blamed_on_it(
    try_node: Callable[..., Any],
) -> None:
    """A terminal interrupts all that it started: no node crashed."""
    trial = try_node(
        """
        import signal
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getppid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        """,
        nodes=("n1",),
    )
    assert trial.outcome.interrupted
    assert trial.outcome.nodes[0].signal == "SIGINT"
    assert trial.outcome.nodes[0].expected
    assert trial.kinds == []


@pytest.mark.parametrize("program", ["g-counter", "stubborn"])
def test_a_harness_that_is_killed_leaves_its_history_and_no_node(
    tmp_path: Path, program: str
) -> None:
    """After a kill -9 every node ends, even one that ignores its input's end."""
    node = [program]
    if program == "stubborn":
        path = tmp_path / "stubborn.py"
        path.write_text(STUBBORN)
        node = [sys.executable, str(path)]
    harness = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from harness.cli import main; main()",
            *("run", "-w", "echo" if program == "stubborn" else program),
            *("--bin", " ".join(node), "--time-limit", "600", "--json"),
            *("--store", str(tmp_path / "store")),
        ],
        stdout=subprocess.DEVNULL,
        cwd=Path(__file__).resolve().parents[2],
    )
    try:
        run = wait_for(lambda: next(iter(Store(tmp_path / "store").runs()), None))
        wait_for(
            lambda: run.history_path.exists() and run.history_path.stat().st_size > 5000
        )
        children = descendants(harness.pid)
        assert len(children) >= 5
    finally:
        harness.kill()
        harness.wait()
    wait_for(lambda: not [pid for pid in children if is_running(pid)])
    history = run.history()
    assert len(history) > 40
    assert run.outcome() is None


STUBBORN = """
import json, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for line in sys.stdin:
    message = json.loads(line)
    body = message["body"]
    reply = {**body, "type": body["type"] + "_ok", "in_reply_to": body["msg_id"]}
    reply = {k: v for k, v in reply.items() if k in ("type", "in_reply_to", "echo")}
    print(json.dumps({"src": message["dest"], "dest": message["src"], "body": reply}),
          flush=True)
while True:
    time.sleep(60)
"""


def wait_for(condition: Callable[[], Any], *, seconds: float = 20) -> Any:
    """Return what the condition gives once it is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        threading.Event().wait(0.01)
    pytest.fail(f"nothing within {seconds} s")


def descendants(process: int) -> list[int]:
    """Return the children of a process."""
    tasks = Path(f"/proc/{process}/task/{process}/children")
    return [int(child) for child in tasks.read_text(encoding="ascii").split()]


def is_running(process: int) -> bool:
    """Return whether a process is there and not a zombie."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
