"""Writes of registers meet: clients who have seen the same write at the same moment."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from harness.runner import execute
from harness.spec import RunSpec
from harness.workloads import WORKLOADS
from harness.workloads._register_mixes import KEYS, NAMES
from histories import Store
from nodes import command


if TYPE_CHECKING:
    from pathlib import Path

    from histories import Operation


class Nobody:
    def update(self, status: Any) -> None:
        """Take no notice."""

    def log(self, node: str, line: str) -> None:
        """Show nothing."""


def operations(folder: Path, workload: str, mix: str) -> list[Operation]:
    """Return what clients did in a run without faults."""
    kind = WORKLOADS[workload]
    argv, environment = command(kind.node)
    spec = RunSpec(
        workload=workload,
        mix=mix,
        bin=tuple(argv),
        environment=environment,
        nodes=("n1", "n2", "n3"),
        concurrency=6,
        transport="simulated",
        rate=100.0,
        time_limit_s=4.0,
        seed=3,
    )
    run = Store(folder).create(workload, dt.datetime.now(dt.UTC))
    execute(spec, kind, run, Nobody())
    return list(run.history().operations())


def bursts(made: list[Operation]) -> list[list[Operation]]:
    """Return writes of one register that were invoked at the same moment."""
    groups: dict[tuple[int, str], list[Operation]] = defaultdict(list)
    for one in made:
        if one.f == "write":
            groups[one.start_time, one.input["key"]].append(one)
    return [group for group in groups.values() if len(group) > 1]


@pytest.mark.parametrize("workload", ["mv-register", "vv-register", "lww-register"])
def test_clients_on_different_nodes_write_at_the_same_moment(
    tmp_path: Path, workload: str
) -> None:
    """Again and again, two or three of them, whatever the rate is."""
    found = bursts(operations(tmp_path, workload, "contended"))
    assert len(found) >= 5
    assert {len(group) for group in found} == {2, 3}
    assert {group[0].input["key"] for group in found} == set(KEYS)
    for group in found:
        assert len({one.node for one in group}) == len(group)


def test_who_writes_at_the_same_moment_has_seen_the_same(tmp_path: Path) -> None:
    """So that none of the writes replaces another, and all of them what was there."""
    found = bursts(operations(tmp_path, "vv-register", "contended"))
    same = 0
    for group in found:
        contexts = [one.input["context"] for one in group]
        same += contexts.count(contexts[0]) == len(contexts)
    assert same == len(found)


def test_what_was_written_at_the_same_moment_is_read_as_siblings(
    tmp_path: Path,
) -> None:
    """Before somebody who has read it replaces it."""
    made = operations(tmp_path, "vv-register", "contended")
    siblings = 0
    for group in bursts(made):
        written = {one.input["value"] for one in group}
        siblings += any(
            written <= {entry["value"] for entry in one.output["values"]}
            for one in made
            if one.f == "read" and one.input["key"] == group[0].input["key"]
        )
    assert siblings >= 5


def test_many_registers_are_written_a_few_times(tmp_path: Path) -> None:
    """And all that were written are read at the end, on every node."""
    made = operations(tmp_path, "vv-register", "litmus")
    writes = Counter(one.input["key"] for one in made if one.f == "write")
    assert NAMES / 2 <= len(writes) <= NAMES
    assert max(writes.values()) < 20
    assert len(bursts(made)) >= 5
    finals = Counter(one.input["key"] for one in made if one.final)
    assert finals == dict.fromkeys(writes, 3)


def test_the_rate_is_kept(tmp_path: Path) -> None:
    """What comes at one moment is made up for."""
    for mix in ("contended", "litmus", "both"):
        made = operations(tmp_path / mix, "mv-register", mix)
        count = sum(1 for one in made if one.start_time < 4_000_000_000)
        assert count == pytest.approx(400, rel=0.2)
