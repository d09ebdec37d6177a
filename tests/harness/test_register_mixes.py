"""Writes of registers meet: clients who have seen the same write at the same moment."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pytest

from harness.workloads._register_mixes import KEYS, NAMES


if TYPE_CHECKING:
    from collections.abc import Callable

    from histories import Operation

    Simulate = Callable[..., list[Operation]]


def bursts(made: list[Operation]) -> list[list[Operation]]:
    """Return writes of one register that were invoked at the same moment."""
    groups: dict[tuple[int, str], list[Operation]] = defaultdict(list)
    for one in made:
        if one.f == "write":
            groups[one.start_time, one.input["key"]].append(one)
    return [group for group in groups.values() if len(group) > 1]


@pytest.mark.parametrize("workload", ["mv-register", "vv-register", "lww-register"])
def test_clients_on_different_nodes_write_at_the_same_moment(
    simulate: Simulate, workload: str
) -> None:
    """Again and again, two or three of them, whatever the rate is."""
    found = bursts(simulate(workload, "contended"))
    assert len(found) >= 5
    assert {len(group) for group in found} == {2, 3}
    assert {group[0].input["key"] for group in found} == set(KEYS)
    for group in found:
        assert len({one.node for one in group}) == len(group)


def test_who_writes_at_the_same_moment_has_seen_the_same(simulate: Simulate) -> None:
    """So that none of the writes replaces another, and all of them what was there."""
    found = bursts(simulate("vv-register", "contended"))
    same = 0
    for group in found:
        contexts = [one.input["context"] for one in group]
        same += contexts.count(contexts[0]) == len(contexts)
    assert same == len(found)


def test_what_was_written_at_the_same_moment_is_read_as_siblings(
    simulate: Simulate,
) -> None:
    """Before somebody who has read it replaces it."""
    made = simulate("vv-register", "contended")
    siblings = 0
    for group in bursts(made):
        written = {one.input["value"] for one in group}
        siblings += any(
            written <= {entry["value"] for entry in one.output["values"]}
            for one in made
            if one.f == "read" and one.input["key"] == group[0].input["key"]
        )
    assert siblings >= 5


def test_many_registers_are_written_a_few_times(simulate: Simulate) -> None:
    """And all that were written are read at the end, on every node."""
    made = simulate("vv-register", "litmus")
    writes = Counter(one.input["key"] for one in made if one.f == "write")
    assert NAMES / 2 <= len(writes) <= NAMES
    assert max(writes.values()) <= 20
    assert len(bursts(made)) >= 5
    finals = Counter(one.input["key"] for one in made if one.final)
    assert finals == dict.fromkeys(writes, 3)


def test_the_rate_is_kept(simulate: Simulate) -> None:
    """What comes at one moment is made up for."""
    for mix in ("contended", "litmus", "both"):
        made = simulate("mv-register", mix)
        count = sum(1 for one in made if one.start_time < 4_000_000_000)
        assert count == pytest.approx(400, rel=0.2)
