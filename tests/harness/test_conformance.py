"""Nodes behave alike as processes and in the simulator, and so do their mistakes."""

from __future__ import annotations

import datetime as dt
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import pytest

from harness.analysis import analyse_run
from harness.runner import Quiet, execute
from harness.spec import RunSpec
from harness.workloads import WORKLOADS
from histories import Store
from nodes import command


if TYPE_CHECKING:
    from pathlib import Path

    from checkers import Result
    from histories import Outcome, Run


class Tried:
    """What came of a run."""

    def __init__(self, run: Run, outcome: Outcome, result: Result) -> None:
        self.run = run
        self.outcome = outcome
        self.result = result

    @property
    def kinds(self) -> dict[str, str | None]:
        """The kinds of all problems, each with the first node that had it."""
        problems = reversed(self.outcome.problems)
        return {problem.kind: problem.node for problem in problems}

    def statuses(self) -> set[str]:
        """The statuses of all operations."""
        return {operation.status for operation in self.run.history().operations()}

    def errors(self) -> set[str]:
        """The errors of all operations."""
        return {
            str(event.error) for event in self.run.history().events() if event.error
        }


@pytest.fixture(params=["processes", "simulated"])
def transport(request: pytest.FixtureRequest) -> str:
    """The transport."""
    return str(request.param)


def run_nodes(folder: Path, transport: str, argv: list[str], **fields: Any) -> Tried:
    """Carry out a short run and judge it."""
    defaults: dict[str, Any] = {
        "workload": "echo",
        "nodes": ("n1", "n2", "n3"),
        "concurrency": 3,
        "rate": 100.0,
        "time_limit_s": 0.4,
        "timeout_ms": 300,
        "recovery_s": 3.0,
        "seed": 1,
    }
    spec = RunSpec(
        transport=transport,  # type: ignore[arg-type]  # one of the parameters
        bin=tuple(argv),
        **{**defaults, **fields},
    )
    workload = WORKLOADS[spec.workload]
    run = Store(folder / "store").create(spec.workload, dt.datetime.now(dt.UTC))
    outcome = execute(spec, workload, run, Quiet())
    return Tried(run, outcome, analyse_run(run, workload, run.spec()))


def run_text(folder: Path, transport: str, body: str, **fields: Any) -> Tried:
    """Carry out a run of an echo node whose method `strange` is given."""
    path = folder / "node.py"
    path.write_text(
        "import os, sys\n"
        "from nodes.runtime import Node, RpcError, every, handler, run\n"
        "class Strange(Node):\n"
        "    @handler('echo')\n"
        "    def echo(self, message):\n"
        "        answer = self.strange(message)\n"
        "        if answer is not None:\n"
        "            return answer\n"
        "        return {'type': 'echo_ok', 'echo': message['body']['echo']}\n"
        "    def strange(self, message):\n"
        "        pass\n"
        + textwrap.indent(textwrap.dedent(body), "    ")
        + "\nif __name__ == '__main__':\n    run(Strange)\n"
    )
    root = {**command("echo")[1], "PYTHONUNBUFFERED": ""}
    return run_nodes(
        folder, transport, [sys.executable, str(path)], environment=root, **fields
    )


CORRECT = [
    *((name, workload.node) for name, workload in sorted(WORKLOADS.items())),
    ("pn-counter", "cas-counter"),
    ("g-counter", "sum-counter"),
    ("g-counter", "pn-counter"),
]


@pytest.mark.parametrize(("workload", "node"), CORRECT)
def test_a_bundled_node_passes(
    tmp_path: Path, transport: str, workload: str, node: str
) -> None:
    """Every correct node answers everything, without a problem, on either transport."""
    argv, environment = command(node)
    tried = run_nodes(
        tmp_path,
        transport,
        argv,
        workload=workload,
        environment=environment,
        rate=200.0,
    )
    assert tried.result.verdict.name == "VALID", tried.result.summary
    assert tried.kinds == {}
    assert tried.statuses() == {"ok"}
    assert {node.exit_code for node in tried.outcome.nodes} == {0}
    assert all(node.expected for node in tried.outcome.nodes)


@pytest.mark.parametrize(
    ("body", "kinds", "statuses"),
    [
        ("def strange(self, m): self.send('n9', {'type': 'x'})", "unknown-destination", "ok"),
        ("def strange(self, m): print('hi', flush=True)", "not-json", "ok"),
        ("def strange(self, m): print([1], flush=True)", "not-an-object", "ok"),
        ("def strange(self, m): return {'type': 'echo_ok'}", "malformed-reply", "info"),
        ("def strange(self, m): return {'type': 'echo_ok', 'echo': {1, 2}}", "", "info"),
        ("def strange(self, m): raise ValueError('odd')", "", "info"),
        ("def strange(self, m): raise RpcError(11, 'later')", "", "fail"),
        ("def strange(self, m): self.reply(m, {'type': 'echo_ok', 'echo': 1})", "late-reply", "ok"),
        ("def strange(self, m): sys.exit(3)", "exited", "info"),
        ("def strange(self, m): sys.exit('why')", "exited", "info"),
        ("def strange(self, m): os._exit(4)", "exited", "info"),
        ("def start(self): raise ValueError('odd')", "init-error", ""),
        ("def start(self): sys.exit(5)", "exited", ""),
        ("def __init__(self, *a, **k): raise ValueError('odd')", "exited", ""),
        ("def reply(self, message, body): pass", "init-timeout", ""),
    ],
)  # fmt: skip
def test_a_mistake_is_found(
    tmp_path: Path, transport: str, body: str, kinds: str, statuses: str
) -> None:
    """What a node does wrong has the same name on either transport."""
    tried = run_text(tmp_path, transport, body, init_timeout_s=1.0)
    assert tried.kinds.keys() == set(filter(None, [kinds]))
    assert statuses in tried.statuses() or not (statuses or tried.statuses())


def test_an_exit_is_told_with_its_last_words(tmp_path: Path, transport: str) -> None:
    """Status and standard error of a program that ends itself are in the outcome."""
    tried = run_text(tmp_path, transport, "def strange(self, m): sys.exit('why')")
    ended = [node for node in tried.outcome.nodes if not node.expected]
    assert {node.exit_code for node in ended} == {1}
    assert all("why" in node.stderr_tail for node in ended)
    assert "'why'" in tried.outcome.problems[0].sentence
    assert tried.result.verdict.name == "INVALID"


def test_an_exception_goes_to_the_log(tmp_path: Path, transport: str) -> None:
    """A handler that raises is answered by an error, and its traceback is kept."""
    tried = run_text(
        tmp_path, transport, "def strange(self, m): raise ValueError('odd')"
    )
    assert any("ValueError: odd" in error for error in tried.errors())
    log = tried.run.log_path("n1").read_text()
    assert "in strange" in log
    assert log.endswith("ValueError: odd\n")


def test_what_is_not_flushed_comes_late(tmp_path: Path, transport: str) -> None:
    """Standard output is buffered: a print is seen when it is full, or at the end."""
    tried = run_text(tmp_path, transport, "def strange(self, m): print('hi')")
    assert tried.kinds.keys() == {"not-json"}
    problem = tried.outcome.problems[0]
    assert problem.time >= tried.outcome.phases["teardown"]


def test_nodes_share_nothing(tmp_path: Path, transport: str) -> None:
    """A program and the modules beside it are executed once for each node."""
    (tmp_path / "beside.py").write_text("def name(node): return node.node_id\n")
    body = """
    def start(self):
        import beside
        Strange.names = getattr(Strange, 'names', []) + [beside.name(self)]
    def strange(self, m):
        return {'type': 'echo_ok', 'echo': m['body']['echo'],
                **({'mixed': 1} if len(Strange.names) > 1 else {})}
    """
    tried = run_text(tmp_path, transport, body)
    assert tried.kinds == {}
    assert tried.statuses() == {"ok"}


def test_arguments_and_seed_reach_the_node(tmp_path: Path, transport: str) -> None:
    """Arguments, seed, epoch and disk are the same on either transport."""
    body = """
    def start(self):
        self.disk.write('x', self.arguments)
        sys.stderr.write(f"{self.disk.read('x')} {self.epoch} {self.rng.random()}\\n")
    """
    tried = run_text(tmp_path, transport, body)
    assert tried.run.log_path("n1").read_text() == "[] 0 0.4849679685383135\n"
