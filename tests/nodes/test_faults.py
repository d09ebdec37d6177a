"""The bundled nodes that are right stay so under every fault."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nodes import BUNDLED
from nodes.runtime import Node


if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import World

    Judge = Callable[..., tuple[str, set[str]]]


CORRECT = {
    "broadcast": "broadcast",
    "echo": "echo",
    "fresh-cas-counter": "g-counter",
    "g-counter": "g-counter",
    "g-set": "g-set",
    "op-counter": "pn-counter",
    "pn-counter": "pn-counter",
    "unique-ids": "unique-ids",
}
"""The workload of each node whose final reads are up to date."""

STALE = {"cas-counter": "pn-counter", "sum-counter": "pn-counter"}
"""Likewise of those whose final reads may be of the past, as seq-kv allows."""

FAULTS = (
    "partition",
    "deaf",
    "mute",
    "kill",
    "pause",
    "clock",
    "loss",
    "duplicate",
    "reorder",
    "delay",
    "slow-services",
    "service-partition",
)
"""All faults that leave the disk alone."""

DISKLESS = ("cas-counter", "echo", "fresh-cas-counter", "sum-counter", "unique-ids")
"""Nodes with nothing on disk that they could not do without."""


def program(name: str) -> type[Node]:
    """Return the class of a bundled node."""
    module = importlib.import_module(BUNDLED[name])
    (found,) = (
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Node)
        and value.__module__ == module.__name__
    )
    return found


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", [*CORRECT, *STALE])
def test_correct_nodes_stand_each_fault(judge: Judge, name: str, fault: str) -> None:
    """No fault by itself makes a node that is right look wrong."""
    workload = (CORRECT | STALE)[name]
    verdict = judge(program(name), workload, fault, rounds=1, stale=name in STALE)
    assert verdict == ("VALID", set())


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", [*CORRECT, *STALE])
def test_correct_nodes_stand_faults_together(
    judge: Judge, name: str, seed: int
) -> None:
    """Nor do several faults at once, one set of them after the other."""
    workload = (CORRECT | STALE)[name]
    verdict = judge(program(name), workload, *FAULTS, seed=seed, stale=name in STALE)
    assert verdict == ("VALID", set())


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", DISKLESS)
def test_nodes_without_state_stand_the_loss_of_a_disk(
    judge: Judge, name: str, seed: int
) -> None:
    """What keeps its state in a service, or none, does not need the old disk."""
    workload = (CORRECT | STALE)[name]
    faults = ("kill-disk-lost", "partition", "clock")
    verdict = judge(program(name), workload, *faults, seed=seed, stale=name in STALE)
    assert verdict == ("VALID", set())


def add(name: str, value: int) -> tuple[str, dict[str, int]]:
    """Return the request that adds a number to a node's state."""
    field = {"broadcast": "message", "g-set": "element"}.get(name, "delta")
    return ("broadcast" if name == "broadcast" else "add"), {field: value}


@pytest.mark.parametrize(
    "name", ["broadcast", "g-counter", "g-set", "op-counter", "pn-counter"]
)
def test_what_was_acknowledged_is_there_after_a_restart(
    world: type[World], name: str
) -> None:
    """A node cut off from all others answers as before, and tells them in the end."""
    cluster = world(program(name), ["n1", "n2", "n3"])
    cluster.isolate("n1")
    for value in (1, 2, 4):
        kind, fields = add(name, value)
        assert cluster.request("n1", kind, **fields)["type"] == f"{kind}_ok"
    before = cluster.request("n1", "read")
    cluster.kill("n1")
    cluster.run(1)
    cluster.restart("n1")
    after = cluster.request("n1", "read")
    assert strip(after) == strip(before)
    cluster.heal()
    cluster.run(5)
    assert strip(cluster.request("n3", "read")) == strip(before)


@pytest.mark.parametrize("name", ["broadcast", "g-counter", "g-set", "pn-counter"])
def test_what_was_shown_is_there_after_a_restart(world: type[World], name: str) -> None:
    """A node does not forget what it has heard of others either."""
    cluster = world(program(name), ["n1", "n2", "n3"])
    kind, fields = add(name, 4)
    cluster.request("n2", kind, **fields)
    cluster.run(1)
    before = cluster.request("n1", "read")
    cluster.isolate("n1")
    cluster.kill("n1")
    cluster.restart("n1")
    assert strip(cluster.request("n1", "read")) == strip(before)


def strip(body: dict[str, object]) -> dict[str, object]:
    """Return what a reply says, without its numbers."""
    return {k: v for k, v in body.items() if k not in {"msg_id", "in_reply_to"}}


def test_a_broadcast_node_knows_its_neighbours_again(world: type[World]) -> None:
    """Nobody tells it the topology a second time."""
    cluster = world(program("broadcast"), ["n1", "n2", "n3"])
    line = {"n1": ["n2"], "n2": ["n1", "n3"], "n3": ["n2"]}
    for name in cluster.nodes:
        cluster.request(name, "topology", topology=line)
    cluster.kill("n1")
    cluster.restart("n1")
    cluster.sent.clear()
    cluster.request("n1", "broadcast", message=1)
    cluster.run(3)
    assert cluster.request("n3", "read")["messages"] == [1]
    links = {(message["src"], message["dest"]) for message in cluster.sent}
    assert ("n1", "n3") not in links


@pytest.mark.parametrize("name", ["broadcast", "g-set", "op-counter"])
def test_the_disk_takes_what_is_new_and_no_more(world: type[World], name: str) -> None:
    """An update costs a line, however much was there before; a repetition nothing."""
    cluster = world(program(name), ["n1", "n2"], duplication=1.0)
    for value in range(50):
        kind, fields = add(name, value)
        cluster.request("n1", kind, **fields)
    cluster.run(3)
    for disk in cluster.disks.values():
        assert [len(log) for log in disk._logs.values()] == [50]
        assert not disk._values


def test_runs_do_not_depend_on_the_order_of_hashes() -> None:
    """Two processes with different hash seeds send the same messages in each world."""
    running = [
        subprocess.Popen(
            [sys.executable, __file__],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2")
    ]
    first, second = [process.communicate()[0].splitlines() for process in running]
    assert first == second
    assert len(first) > 20


ROOT = Path(__file__).resolve().parent.parent.parent


def print_digests() -> None:
    """Print for each bundled node what its messages under all faults hash to."""
    from nodes.faulty import FAULTY

    where = Path(__file__).with_name("conftest.py")
    spec = importlib.util.spec_from_file_location("worlds", where)
    assert spec is not None
    assert spec.loader is not None
    worlds = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(worlds)
    workloads = CORRECT | STALE | {name: FAULTY[name].workload for name in FAULTY}
    for name, workload in workloads.items():
        world = worlds.World(program(name), seed=7, latency_ms=lambda rng: rng.random())
        campaign = worlds.Campaign(
            world, worlds.WORKLOADS[workload], sorted(worlds.FAULTS), rounds=1
        )
        events = list(map(repr, campaign.history.events()))
        text = json.dumps([world.sent, world.replies, events])
        print(name, hashlib.sha256(text.encode()).hexdigest())  # noqa: T201


if __name__ == "__main__":
    print_digests()
