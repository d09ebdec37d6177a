"""Histories of registers without some operations: sound, and as small as can be."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import TYPE_CHECKING

import pytest

from checkers import Reason, Verdict
from harness.cases import HowChecked, keep
from harness.cases._judging import judge
from harness.cases._keeping import _groups, _history
from harness.cases._seen import Registers
from harness.runner import Quiet, execute
from harness.spec import RunSpec
from harness.workloads import WORKLOADS
from histories import Event, History, Store
from nodes import command


if TYPE_CHECKING:
    from pathlib import Path

NODES = ("n1", "n2", "n3")


def ran(workload: str, folder: Path, *, node: str = "", seed: int = 1) -> History:
    """Return the history of a run under faults."""
    argv, environment = command(node or WORKLOADS[workload].node)
    spec = RunSpec(
        workload=workload,
        bin=tuple(argv),
        environment=environment,
        transport="simulated",
        nodes=NODES,
        concurrency=4,
        rate=50,
        time_limit_s=4,
        seed=seed,
        nemesis=("partition", "pause", "kill"),
        nemesis_interval_s=1,
        timeout_ms=300,
    )
    run = Store(folder).create(workload, dt.datetime.now(dt.UTC))
    execute(spec, WORKLOADS[workload], run, Quiet())
    return run.history()


@pytest.mark.parametrize(
    "workload", ["vv-register", "dvv-register", "lww-register", "mv-register"]
)
def test_a_part_accuses_nobody(workload: str, tmp_path: Path) -> None:
    """Who was right is right without any reads, and writes that no other shows."""
    check = HowChecked(workload=workload, nodes=NODES)
    judged = 0
    for seed in (1, 2):
        history = ran(workload, tmp_path, seed=seed)
        groups = _groups(history)
        registers = Registers(groups)
        rng = Random(seed)
        for _ in range(20):
            left = [
                group
                for group in groups
                if group[0].f != "read" or rng.random() < rng.choice((0, 0.1, 0.9))
            ]
            for group in rng.sample(left, len(left)):
                fewer = [one for one in left if one is not group]
                if group[0].f == "write" and registers.part(fewer) is not None:
                    left = fewer
            part = registers.part(left)
            assert part is not None
            assert len(part) < len(groups)
            result = judge(_history(part), check)
            assert result.verdict is not Verdict.INVALID, result.summary
            judged += result.reason is not Reason.MALFORMED
    assert judged > 10


@pytest.mark.parametrize(
    ("workload", "node", "most"),
    [
        ("vv-register", "never-superseding-register", 4),
        ("dvv-register", "context-count-register", 6),
        ("mv-register", "single-value-mv-register", 3),
    ],
)
def test_no_more_is_kept_than_shows_the_violation(
    workload: str, node: str, most: int, tmp_path: Path
) -> None:
    """Not the reads that told clients of what they wrote over, nor other writes."""
    history = ran(workload, tmp_path, node=node)
    case = keep(history, HowChecked(workload=workload, nodes=NODES), origin={})
    assert case.found.verdict is Verdict.INVALID
    assert len(list(case.events().operations())) <= most < len(history) / 50


def told(*events: tuple[str, str, object, bool]) -> History:
    return History.from_events(
        Event(index=at, time=at, type=type_, process=0, f=f, value=value, final=final)
        for at, (type_, f, value, final) in enumerate(events)
    )


def test_a_write_goes_on_from_what_others_had_seen() -> None:
    """Of a read that is left out the writes that it showed, and so on."""
    values = [{"value": 1}]
    history = told(
        ("invoke", "write", {"key": "x", "value": 1, "context": {}, "seen": []}, False),
        ("ok", "write", {"key": "x", "value": 1, "context": {}, "seen": []}, False),
        ("invoke", "read", {"key": "x"}, False),
        ("ok", "read", {"key": "x", "values": values}, False),
        (
            "invoke",
            "write",
            {"key": "x", "value": 2, "context": {}, "seen": [3]},
            False,
        ),
        ("ok", "write", {"key": "x", "value": 2, "context": {}, "seen": [3]}, False),
        (
            "invoke",
            "write",
            {"key": "x", "value": 3, "context": {}, "seen": [5]},
            False,
        ),
        ("ok", "write", {"key": "x", "value": 3, "context": {}, "seen": [5]}, False),
    )
    first, read, second, third = _groups(history)
    registers = Registers((first, read, second, third))
    assert registers.part([read, second, third]) is None
    for kept, seen in (
        ([first, read, second, third], [5]),
        ([first, second, third], [5]),
        ([first, read, third], [3]),
        ([first, third], [1]),
        ([third], []),
    ):
        part = registers.part(kept)
        assert part is not None
        assert [event.value["seen"] for event in part[-1]] == [seen, seen]
