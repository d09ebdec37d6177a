from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from nodes.g_counter import GCounterNode
from nodes.pn_counter import PNCounterNode


if TYPE_CHECKING:
    from nodes.runtime import Node

    from .conftest import World

every_counter = pytest.mark.parametrize("node", [GCounterNode, PNCounterNode])


@pytest.mark.parametrize("seed", range(20))
@every_counter
def test_counters_converge(world: type[World], node: type[Node], seed: int) -> None:
    """Partitions, loss, reordering and duplication delay adds; none counts twice.

    Reads on the way never exceed what was added, and on one node they never go down
    as long as nothing is taken away.
    """
    cluster = world(
        node,
        seed=seed,
        latency_ms=lambda rng: rng.expovariate(1 / 20),
        loss=0.2,
        duplication=0.2,
    )
    rng = Random(seed)
    names = list(cluster.nodes)
    total = 0
    seen = dict.fromkeys(names, 0)
    for step in range(60):
        if step % 20 == 0:
            cluster.heal()
            cluster.isolate(*rng.sample(names, rng.randrange(1, 5)))
        delta = rng.randrange(5) if node is GCounterNode else rng.randrange(-5, 5)
        total += delta
        assert (
            cluster.request(rng.choice(names), "add", delta=delta)["type"] == "add_ok"
        )
        cluster.run(rng.uniform(0, 0.05))
        if node is GCounterNode:
            name = rng.choice(names)
            value = cluster.request(name, "read")["value"]
            assert seen[name] <= value <= total
            seen[name] = value
    cluster.heal()
    cluster.run(3)
    assert [cluster.request(name, "read")["value"] for name in names] == [total] * 5


@every_counter
def test_a_thousand_adds_converge_within_a_second(
    world: type[World], node: type[Node]
) -> None:
    """Five nodes agree in less than a second after the last of 1,000 increments."""
    cluster = world(node, latency_ms=lambda _: 10)
    for step in range(1000):
        cluster.submit(f"n{step % 5 + 1}", "add", delta=1)
        cluster.run(0.001)
    last_ns = cluster.now_ns
    while any(cluster.request(name, "read")["value"] < 1000 for name in cluster.nodes):
        cluster.run(0.01)
    assert cluster.now_ns - last_ns < 1_000_000_000


@every_counter
def test_gossip_goes_to_two_peers(world: type[World], node: type[Node]) -> None:
    """Once at once after an add, and then ten times a second."""
    cluster = world(node, ["n1", "n2", "n3", "n4", "n5"])
    cluster.request("n1", "add", delta=1)
    assert len(cluster.sent) == 2
    assert len({message["dest"] for message in cluster.sent}) == 2
    cluster.sent.clear()
    cluster.run(1)
    assert len(cluster.sent) == 10 * 2 * 5
    assert cluster.request("n1", "gossip_status")["gossip_rounds"] == 10


@every_counter
def test_status_tells_how_far_the_gossip_has_come(
    world: type[World], node: type[Node]
) -> None:
    """Peers count as synced once they were heard to know all that is known here."""
    cluster = world(node, ["n1", "n2", "n3"], latency_ms=lambda _: 10)
    cluster.isolate("n3")
    cluster.request("n1", "add", delta=4)
    status = cluster.request("n1", "gossip_status")
    assert status["type"] == "gossip_status_ok"
    assert status["local_value"] == 4
    assert status["peers_synced"] == 0
    assert status["convergence_ms"] is None
    cluster.run(1)
    assert cluster.request("n1", "gossip_status")["peers_synced"] == 1
    cluster.heal()
    cluster.run(1)
    status = cluster.request("n1", "gossip_status")
    assert status["peers_synced"] == 2
    assert 1000 < status["convergence_ms"] < 1500


@every_counter
def test_a_single_node_agrees_with_itself(world: type[World], node: type[Node]) -> None:
    """Without peers there is nobody to tell, and nothing to wait for."""
    cluster = world(node, ["n1"])
    cluster.request("n1", "add", delta=1)
    cluster.run(1)
    assert cluster.request("n1", "gossip_status")["convergence_ms"] == 0
    assert not cluster.sent


@every_counter
def test_states_of_strangers_are_merged(world: type[World], node: type[Node]) -> None:
    """A slot of a node that init did not name counts all the same."""
    cluster = world(node, ["n1"])
    state = {"p_counters": {"n1": 0, "n9": 10}, "n_counters": {}}
    cluster.submit("n1", "replicate", **state)
    assert cluster.request("n1", "read")["value"] == 10
    assert len(cluster.replies) == 2  # init_ok and read_ok: none to replicate


@every_counter
def test_states_that_are_none_are_malformed(
    world: type[World], node: type[Node]
) -> None:
    """A state with a fraction or a negative count changes nothing."""
    cluster = world(node, ["n1"])
    for slots in ({"n2": 1.5}, {"n2": -1}, None, 7):
        body = cluster.request("n1", "replicate", p_counters=slots, n_counters={})
        assert body["code"] == 12
    assert cluster.request("n1", "read")["value"] == 0


def test_both_halves_are_merged(world: type[World]) -> None:
    """A decrement made elsewhere counts here."""
    cluster = world(PNCounterNode, ["n1", "n2"])
    cluster.request("n2", "add", delta=-5)
    cluster.request("n1", "add", delta=3)
    cluster.run(1)
    assert cluster.request("n1", "read")["value"] == -2


def test_g_counter_refuses_to_go_down(world: type[World]) -> None:
    """A negative delta is a malformed request for a counter that only grows."""
    cluster = world(GCounterNode, ["n1"])
    body = cluster.request("n1", "add", delta=-1)
    assert body["code"] == 12
    assert "PN-Counter" in body["text"]
    assert cluster.request("n1", "add", delta=0)["type"] == "add_ok"


def test_increment_tells_what_was_counted_here(world: type[World]) -> None:
    """The local value leaves out what other nodes have counted."""
    cluster = world(GCounterNode, ["n1", "n2"])
    cluster.request("n2", "add", delta=5)
    cluster.run(1)
    assert cluster.request("n1", "increment")["local_value"] == 1
    assert cluster.request("n1", "increment")["local_value"] == 2
    assert cluster.request("n1", "read")["value"] == 7


def test_laws_are_verified_on_given_states(world: type[World]) -> None:
    """With a third state associativity is verified too; what is no state is refused."""
    cluster = world(GCounterNode, ["n1"])
    states = {"state_a": {"n1": 3}, "state_b": {"n2": 5}}
    body = cluster.request("n1", "crdt_verify", **states)
    assert body["merge_ab"] == body["merge_ba"] == {"n1": 3, "n2": 5}
    assert body["commutative"] is body["idempotent"] is True
    assert "associative" not in body
    body = cluster.request("n1", "crdt_verify", **states, state_c={"n1": 4})
    assert body["associative"] is True
    body = cluster.request("n1", "crdt_verify", state_a={"n1": 3})
    assert body["code"] == 12
    assert body["text"].startswith("state_b: ")
