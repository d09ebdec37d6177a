"""What nodes keep on disk, and know again after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nodes.broadcast import Broadcast
from nodes.g_counter import GCounterNode
from nodes.g_set import GSetNode
from nodes.op_counter import OpCounter
from nodes.pn_counter import PNCounterNode


if TYPE_CHECKING:
    from nodes.runtime import Node

    from .conftest import World

PROGRAMS: dict[str, type[Node]] = {
    "broadcast": Broadcast,
    "g-counter": GCounterNode,
    "g-set": GSetNode,
    "op-counter": OpCounter,
    "pn-counter": PNCounterNode,
}


def add(name: str, value: int) -> tuple[str, dict[str, int]]:
    """Return the request that adds a number to a node's state."""
    field = {"broadcast": "message", "g-set": "element"}.get(name, "delta")
    return ("broadcast" if name == "broadcast" else "add"), {field: value}


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_was_acknowledged_is_there_after_a_restart(
    world: type[World], name: str
) -> None:
    """A node cut off from all others answers as before, and tells them in the end."""
    cluster = world(PROGRAMS[name], ["n1", "n2", "n3"])
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
    cluster = world(PROGRAMS[name], ["n1", "n2", "n3"])
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
    cluster = world(Broadcast, ["n1", "n2", "n3"])
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
    cluster = world(PROGRAMS[name], ["n1", "n2"], duplication=1.0)
    for value in range(50):
        kind, fields = add(name, value)
        cluster.request("n1", kind, **fields)
    cluster.run(3)
    for disk in cluster.disks.values():
        assert [len(log) for log in disk._logs.values()] == [50]
        assert not disk._values
