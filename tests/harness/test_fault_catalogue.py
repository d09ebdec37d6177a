"""Every fault reveals the node that was made for it, and none harms a node that is right.

Runs are in the simulator, so that a seed is an execution.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from checkers import Result, Verdict
from harness.analysis import analyse_run
from harness.nemesis import FAULTS
from harness.recording import operations_of
from harness.runner import execute
from harness.spec import Change, RunSpec
from harness.workloads import WORKLOADS
from histories import Store
from nodes import command
from nodes.faulty import FAULTY
from nodes.faulty._fault_bugs import FAULT_BUGS


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEEDS = 40
"""How many runs a fault has to reveal a node; each is one in about three or better."""


class Silent:
    """A progress that shows nothing."""

    def update(self, *_: Any) -> None:
        """Do nothing."""

    def log(self, *_: Any) -> None:
        """Do nothing."""


def run_node(folder: Path, node: str, workload: str, **spec: Any) -> Result:
    """Run a bundled node for 20 virtual seconds and judge the run."""
    argv, environment = command(node)
    defaults: dict[str, Any] = {
        "nodes": ("n1", "n2", "n3", "n4", "n5"),
        "concurrency": 5,
        "rate": 50.0,
        "time_limit_s": 20.0,
        "timeout_ms": 1000,
        "nemesis_interval_s": 2.5,
    }
    asked = RunSpec(
        workload=workload,
        bin=tuple(argv),
        environment=environment,
        transport="simulated",
        **{**defaults, **spec},
    )
    run = Store(folder).create(workload, dt.datetime.now(dt.UTC))
    execute(asked, WORKLOADS[workload], run, Silent())
    return analyse_run(run, WORKLOADS[workload], run.spec())


def anomalies(result: Result) -> Iterator[str]:
    """Yield the names of the anomalies of a result and its parts."""
    yield from (anomaly.name for anomaly in result.anomalies)
    for part in result.parts.values():
        yield from anomalies(part)


@pytest.mark.parametrize("name", sorted(FAULT_BUGS))
def test_a_faulty_node_passes_without_its_fault_and_is_caught_under_it(
    tmp_path: Path, name: str
) -> None:
    """The fault alone reveals the bug, by the anomaly that it is known for."""
    faulty = FAULTY[name]
    assert run_node(tmp_path, name, faulty.workload, seed=1).verdict is Verdict.VALID
    found: set[str] = set()
    for seed in range(1, SEEDS):
        result = run_node(
            tmp_path,
            name,
            faulty.workload,
            seed=seed,
            nemesis=(faulty.fault,),
            disk=faulty.disk,
        )
        if result.verdict is Verdict.INVALID:
            found.update(anomalies(result))
        if faulty.anomaly in found:
            return
    pytest.fail(f"{faulty.fault} showed {found or 'nothing'} in {SEEDS} runs")


RIGHT = [
    ("broadcast", "broadcast"),
    ("echo", "echo"),
    ("g-counter", "cas-counter"),
    ("g-counter", "fresh-cas-counter"),
    ("g-counter", "g-counter"),
    ("g-counter", "op-counter"),
    ("g-set", "g-set"),
    ("pn-counter", "pn-counter"),
    ("unique-ids", "unique-ids"),
]


@pytest.mark.parametrize("schedule", ["interval", "phases"])
@pytest.mark.parametrize(("workload", "node"), RIGHT)
def test_a_node_that_is_right_stands_all_faults(
    tmp_path: Path, workload: str, node: str, schedule: str
) -> None:
    """No fault, nor any mix of them, makes it look wrong."""
    result = run_node(
        tmp_path,
        node,
        workload,
        seed=2,
        nemesis=tuple(FAULTS),
        nemesis_schedule=schedule,
    )
    assert result.verdict is Verdict.VALID, result.summary


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"roam"}))
def test_every_fault_has_a_node_that_it_reveals(fault: str) -> None:
    """All but roaming, which shows what a right node does not promise."""
    assert fault in {faulty.fault for faulty in FAULTY.values()}


def test_roaming_shows_what_a_node_promises_only_to_clients_that_stay(
    tmp_path: Path,
) -> None:
    """A counter that is right goes backwards for a client that changes nodes."""
    demanded = {"consistency_models": ("monotonic-reads",), "seed": 1}
    demanded |= {"nodes": ("n1", "n2"), "concurrency": 2, "rate": 20.0}
    stayed = run_node(tmp_path, "g-counter", "g-counter", **demanded)
    assert stayed.verdict is Verdict.VALID
    roamed = run_node(
        tmp_path, "g-counter", "g-counter", nemesis=("roam", "partition"), **demanded
    )
    assert roamed.verdict is Verdict.INVALID


def test_no_fault_comes_between_what_nodes_are_prepared_with(tmp_path: Path) -> None:
    """Each node gets it, whoever roams and however few clients there are later."""
    nodes = ["n1", "n2", "n3", "n4", "n5"]
    plan = {"clients": [0], "nodes": nodes[::-1], "sentence": "clients roam"}
    result = run_node(
        tmp_path,
        "vv-register",
        "lww-register",
        seed=1,
        concurrency=1,
        schedule=(Change(0, "start-roam", plan),),
    )
    assert result.verdict is not Verdict.INVALID
    run = Store(tmp_path).latest()
    outcome = run.outcome()
    assert outcome is not None
    prepared = [op for op in run.history().operations() if op.f == "set-mode"]
    assert [(op.node, op.status) for op in prepared] == [(node, "ok") for node in nodes]
    assert all(op.start_time < outcome.phases["main"] for op in prepared)
    spec = msgspec.convert(run.spec(), RunSpec)
    repeated = operations_of(run.history(), outcome, spec)
    assert repeated
    assert all(operation.f != "set-mode" for operation in repeated)


def test_a_replay_of_a_simulated_run_gives_the_same_history(tmp_path: Path) -> None:
    """What one run did, from the seed or from its spec, is byte for byte the same."""
    runs = []
    for replay in (False, True):
        argv, environment = command("g-set")
        spec = RunSpec(
            workload="g-set",
            bin=tuple(argv),
            environment=environment,
            nodes=("n1", "n2", "n3"),
            concurrency=3,
            rate=50.0,
            time_limit_s=10.0,
            timeout_ms=1000,
            seed=4,
            nemesis=tuple(FAULTS),
            nemesis_interval_s=1.0,
            transport="simulated",
        )
        if replay:
            spec = msgspec.convert(runs[0].spec(), RunSpec)
        run = Store(tmp_path).create("g-set", dt.datetime.now(dt.UTC))
        execute(spec, WORKLOADS["g-set"], run, Silent())
        runs.append(run)
    first, second = (run.history_path.read_bytes() for run in runs)
    assert first == second
