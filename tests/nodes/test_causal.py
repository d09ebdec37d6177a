from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from nodes.op_or_set import OpORSet
from nodes.op_rga import OpRGA
from nodes.or_set import ORSetNode


if TYPE_CHECKING:
    from nodes.runtime import Node

    from .conftest import World

every_program = pytest.mark.parametrize("node", [OpORSet, OpRGA])
REQUESTS: dict[type[Node], tuple[str, dict[str, Any]]] = {
    OpORSet: ("or_set_add", {"element": 1}),
    OpRGA: ("seq_insert", {"position": 0, "char": "a"}),
}


def operations(cluster: World) -> list[dict[str, Any]]:
    return [m["body"] for m in cluster.sent if m["body"]["type"] == "operations"]


def read(cluster: World, name: str) -> list[Any]:
    body = cluster.request(name, "or_set_read")
    return list(body["elements"])


def test_a_remove_waits_for_the_add_it_removes(world: type[World]) -> None:
    """Delivered first it does nothing yet; delivered twice it does nothing more."""
    cluster = world(OpORSet, ["n1", "n2"])
    cluster.isolate("n1")
    cluster.request("n1", "or_set_add", element="a")
    cluster.request("n1", "or_set_remove", element="a")
    cluster.request("n1", "or_set_add", element="b")
    first, second, third = operations(cluster)
    for body in (third, second, third):
        cluster.submit("n2", "operations", entries=body["entries"])
        assert read(cluster, "n2") == []
    cluster.submit("n2", "operations", entries=first["entries"])
    assert read(cluster, "n2") == ["b"]
    cluster.submit("n2", "operations", entries=first["entries"])
    assert read(cluster, "n2") == ["b"]


def test_who_lost_its_disk_gets_all_back_from_anybody(world: type[World]) -> None:
    """Its own operations too; and it goes on counting under another name."""
    cluster = world(OpORSet, ["n1", "n2", "n3"])
    tags = [cluster.request("n1", "or_set_add", element=n)["tag"] for n in range(3)]
    cluster.run(1)
    cluster.kill("n1")
    cluster.restart("n1", disk="lost")
    cluster.isolate("n3")
    cluster.run(1)
    assert read(cluster, "n1") == [0, 1, 2]
    tags.append(cluster.request("n1", "or_set_add", element=3)["tag"])
    assert tags == ["1-n1", "2-n1", "3-n1", "1-n1.1"]


@every_program
def test_operations_survive_a_kill(world: type[World], node: type[Node]) -> None:
    """A node alone knows after a restart what it has acknowledged."""
    kind, fields = REQUESTS[node]
    cluster = world(node, ["n1"])
    for _ in range(2):
        cluster.request("n1", kind, **fields)
        cluster.kill("n1")
        cluster.restart("n1")
    kept: Any = cluster.nodes["n1"]
    cluster.run(0)
    assert kept.seen.encode() == {"n1": 2}


@every_program
def test_an_operation_travels_once_to_each_peer(
    world: type[World], node: type[Node]
) -> None:
    """Gossip of those who know the same costs a vector, and sends no operation."""
    kind, fields = REQUESTS[node]
    cluster = world(node)
    cluster.request("n1", kind, **fields)
    cluster.run(2)
    assert len(operations(cluster)) == 4


@every_program
def test_what_is_no_operation_is_refused(world: type[World], node: type[Node]) -> None:
    """A malformed entry or vector is an error, and changes nothing."""
    cluster = world(node, ["n1"])
    for entry in (
        7,
        {},
        {"dot": "n1", "after": {}, "operation": {}},
        {"dot": "1-n1", "after": {"n1": -1}, "operation": {}},
        {"dot": "1-n1", "after": {}},
        {"dot": "2-n1", "after": {}, "operation": {}},
    ):
        body = cluster.request("n1", "operations", entries=[entry])
        assert body["code"] == 12
    assert cluster.request("n1", "digest", seen=[])["code"] == 12


def test_a_long_history_comes_in_parts(world: type[World]) -> None:
    """Each part is complete by itself: its causes were there, or are before it."""
    cluster = world(OpORSet, ["n1", "n2", "n3"])
    cluster.isolate("n3")
    for step in range(1200):
        cluster.request(f"n{step % 2 + 1}", "or_set_add", element=step)
    cluster.heal()
    cluster.sent.clear()
    cluster.run(1)
    assert read(cluster, "n3") == read(cluster, "n1")
    assert len(read(cluster, "n3")) == 1200
    assert max(len(body["entries"]) for body in operations(cluster)) == 500


def test_operations_take_less_room_than_states(world: type[World]) -> None:
    """On the wire the difference grows with the set."""

    def volume(node: type[Node]) -> int:
        cluster = world(node)
        for step in range(200):
            cluster.request(f"n{step % 5 + 1}", "or_set_add", element=step)
            cluster.run(0.05)
        return sum(len(repr(message)) for message in cluster.sent)

    assert volume(OpORSet) < volume(ORSetNode) / 4
