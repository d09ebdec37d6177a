"""Recorded clients of registers say what they are told, whatever was left out."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from checkers import Verdict
from harness.analysis import analyse_run
from harness.hunting import Bench, Shrinker, attempt, explicit
from harness.hunting._mutants import mutant_specs
from harness.hunting._reduce import with_operations
from harness.recording import operations_of
from harness.runner import Quiet, execute
from harness.spec import RunSpec
from harness.workloads import WORKLOADS
from histories import Store
from nodes import command
from nodes.faulty import FAULTY


if TYPE_CHECKING:
    from pathlib import Path

REGISTERS = ("vv-register", "dvv-register", "lww-register")


def spec_of(workload: str, seed: int) -> RunSpec:
    argv, environment = command(WORKLOADS[workload].node)
    return RunSpec(
        workload=workload,
        bin=tuple(argv),
        environment=environment,
        transport="simulated",
        nodes=("n1", "n2", "n3"),
        concurrency=4,
        rate=60,
        time_limit_s=4,
        seed=seed,
        nemesis=("partition", "pause"),
        nemesis_interval_s=1,
        timeout_ms=300,
        recovery_s=5,
    )


@pytest.mark.parametrize("workload", REGISTERS)
def test_a_replay_of_everything_says_the_same(workload: str) -> None:
    """Contexts, and the replies that they come from."""
    for seed in (1, 2):
        _, whole = explicit(spec_of(workload, seed))
        _, again = explicit(whole)
        assert again.operations == whole.operations
        told = [one.value["seen"] for one in whole.operations or () if one.f == "write"]
        assert any(told)


@pytest.mark.parametrize("workload", REGISTERS)
def test_a_replay_of_a_part_says_what_it_was_told(
    workload: str, tmp_path: Path
) -> None:
    """A node that is right is still right, and each reply that is named was one."""
    for seed in (1, 2):
        _, whole = explicit(spec_of(workload, seed))
        assert whole.operations is not None
        for part in (whole.operations[::2], whole.operations[1::3]):
            spec = with_operations(whole, part)
            run = Store(tmp_path).create(workload, dt.datetime.now(dt.UTC))
            outcome = execute(spec, WORKLOADS[workload], run, Quiet())
            result = analyse_run(run, WORKLOADS[workload], run.spec())
            assert result.parts["workload"].verdict is Verdict.VALID
            made = operations_of(run.history(), outcome, spec)
            ends = {one.end for one in run.history().operations() if one.status == "ok"}
            named = [set(one.value["seen"]) for one in made if one.f == "write"]
            assert any(named)
            assert all(seen <= ends for seen in named)


@pytest.mark.parametrize(
    ("node", "most"),
    [
        ("never-superseding-register", 2),
        ("context-count-register", 2),
        ("cut-context-register", 3),
    ],
)
def test_contexts_do_not_keep_a_violation_large(node: str, most: int) -> None:
    """No more is left than who would write it down by hand would need."""
    faulty = FAULTY[node]
    specs = mutant_specs(node, faulty, seed=1, transport="simulated")
    runs = (explicit(replace(spec, time_limit_s=2)) for spec in specs)
    whole = next(run for trial, run in runs if faulty.anomaly in trial.anomalies)
    with Bench(1) as bench:
        small = Shrinker(
            whole, faulty.anomaly, bench, limit=300, progress=lambda _: None
        ).shrink()
    assert len(small.operations or ()) <= most
    assert faulty.anomaly in attempt(small).anomalies
