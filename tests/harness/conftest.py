"""Runs of small node programs that are written into the test."""

from __future__ import annotations

import datetime as dt
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from harness.runner import Quiet, execute
from harness.spec import RunSpec
from harness.workloads import WORKLOADS
from histories import Run, Store
from nodes import command


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from harness.runner import Status
    from histories import Operation, Outcome


PRELUDE = """
import json, os, signal, sys, time

def send(dest, body, src=None):
    message = {"src": src or node_id, "dest": dest, "body": body}
    sys.stdout.write(json.dumps(message) + "\\n")
    sys.stdout.flush()

def reply(message, **body):
    send(message["src"], {**body, "in_reply_to": message["body"]["msg_id"]})

def ok(message, **body):
    reply(message, type=message["body"]["type"] + "_ok", **body)

node_id = None

def messages():
    global node_id
    for line in sys.stdin:
        message = json.loads(line)
        if message["body"]["type"] == "init":
            node_id = message["body"]["node_id"]
            ok(message)
        else:
            yield message
"""
"""What every node of these tests begins with: a protocol without any library."""


class Attentive:
    """A progress that keeps what it is told."""

    def __init__(self) -> None:
        self.statuses: list[Status] = []
        self.lines: list[tuple[str, str]] = []

    def update(self, status: Status) -> None:
        self.statuses.append(status)

    def log(self, node: str, line: str) -> None:
        self.lines.append((node, line))


class Trial(msgspec.Struct):
    """What came of a run."""

    run: Run
    outcome: Outcome
    progress: Any

    @property
    def kinds(self) -> list[str]:
        """The kinds of all problems."""
        return [problem.kind for problem in self.outcome.problems]

    def statuses(self) -> list[str]:
        """The statuses of all operations."""
        return [operation.status for operation in self.run.history().operations()]


@pytest.fixture
def try_node(tmp_path: Path) -> Callable[..., Trial]:
    """Return a function that runs a workload on a program given as text."""

    def attempt(program: str, *, workload: str = "echo", **spec: Any) -> Trial:
        path = tmp_path / "node.py"
        path.write_text(PRELUDE + textwrap.dedent(program))
        defaults: dict[str, Any] = {
            "workload": workload,
            "bin": (sys.executable, "-S", "-E", str(path)),
            "nodes": ("n1", "n2"),
            "concurrency": 2,
            "rate": 200.0,
            "time_limit_s": 0.15,
            "timeout_ms": 150,
            "recovery_s": 1.0,
            "seed": 1,
        }
        run = Store(tmp_path / "store").create(workload, dt.datetime.now(dt.UTC))
        progress = Attentive()
        outcome = execute(
            RunSpec(**{**defaults, **spec}), WORKLOADS[workload], run, progress
        )
        return Trial(run, outcome, progress)

    return attempt


@pytest.fixture
def simulate(tmp_path: Path) -> Callable[..., list[Operation]]:
    """Return a function that simulates a run of the right node of a workload."""

    def operations(workload: str, mix: str, **fields: Any) -> list[Operation]:
        kind = WORKLOADS[workload]
        argv, environment = command(kind.node)
        defaults: dict[str, Any] = {
            "nodes": ("n1", "n2", "n3"),
            "concurrency": 6,
            "rate": 100.0,
            "time_limit_s": 4.0,
            "seed": 3,
        }
        spec = RunSpec(
            workload=workload,
            mix=mix,
            bin=tuple(argv),
            environment=environment,
            transport="simulated",
            **{**defaults, **fields},
        )
        run = Store(tmp_path / mix).create(workload, dt.datetime.now(dt.UTC))
        execute(spec, kind, run, Quiet())
        return list(run.history().operations())

    return operations
