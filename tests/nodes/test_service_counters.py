from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from nodes.cas_counter import CasCounter
from nodes.fresh_cas_counter import FreshCasCounter
from nodes.lost_update import LostUpdate
from nodes.seq_kv_counter import SeqKvCounter
from nodes.sum_counter import SumCounter


if TYPE_CHECKING:
    from nodes.runtime import Node

    from .conftest import World

COUNTERS = [LostUpdate, SeqKvCounter, CasCounter, FreshCasCounter, SumCounter]
SAFE = [CasCounter, FreshCasCounter, SumCounter]
SEEDS = range(10)

every_counter = pytest.mark.parametrize("node", COUNTERS)
every_seed = pytest.mark.parametrize("seed", SEEDS)


def latency_ms(rng: Random) -> float:
    return rng.expovariate(1 / 10)


def load(cluster: World, *, adds: int) -> int:
    """Add concurrently on all nodes, a client each; return the acknowledged sum."""
    rng = Random(7)
    deltas = {}
    for _ in range(adds):
        for name in cluster.nodes:
            delta = rng.randrange(5)
            deltas[cluster.submit(name, "add", delta=delta)] = delta
        cluster.run(rng.uniform(0, 0.1))
    cluster.run(30)
    bodies = [message["body"] for _, message in cluster.replies]
    acked = {body["in_reply_to"] for body in bodies if body["type"] == "add_ok"}
    assert acked >= deltas.keys()
    return sum(deltas.values())


def settled(cluster: World, name: str) -> int:
    """Read until stale reads can be ruled out, in practice."""
    return max(int(cluster.request(name, "read")["value"]) for _ in range(40))


@every_counter
def test_one_node_counts_in_order(world: type[World], node: type[Node]) -> None:
    """Requests back to back are served in order; replies are numbered 0, 1, 2."""
    cluster = world(node, ["n1"], latency_ms=latency_ms)
    for delta in (3, 2):
        cluster.submit("n1", "add", delta=delta)
    cluster.submit("n1", "read")
    cluster.run(5)
    bodies = [message["body"] for _, message in cluster.replies]
    assert [body["type"] for body in bodies] == [
        "init_ok",
        "add_ok",
        "add_ok",
        "read_ok",
    ]
    assert [body["msg_id"] for body in bodies] == [0, 1, 2, 3]
    assert bodies[-1]["value"] == 5


@every_seed
def test_lost_update_is_right_sequentially(world: type[World], seed: int) -> None:
    """One client at a time, on one node after the other, gets the right number."""
    cluster = world(LostUpdate, seed=seed, latency_ms=latency_ms)
    total = 0
    for delta, name in enumerate([*cluster.nodes, *cluster.nodes]):
        cluster.request(name, "add", delta=delta - 3)
        total += delta - 3
        for reader in cluster.nodes:
            assert cluster.request(reader, "read")["value"] == total


@every_seed
@pytest.mark.parametrize("node", [LostUpdate, SeqKvCounter])
def test_naive_counters_lose_updates(
    world: type[World], node: type[Node], seed: int
) -> None:
    """Concurrent adds on several nodes are acknowledged, and yet missing."""
    cluster = world(node, seed=seed, latency_ms=latency_ms)
    total = load(cluster, adds=20)
    assert settled(cluster, "n1") < total


@every_seed
@pytest.mark.parametrize("node", SAFE)
def test_safe_counters_lose_nothing(
    world: type[World], node: type[Node], seed: int
) -> None:
    """Every acknowledged add is counted once, and no read ever shows more."""
    cluster = world(node, seed=seed, latency_ms=latency_ms)
    total = load(cluster, adds=20)
    for name in cluster.nodes:
        assert settled(cluster, name) == total


@every_seed
def test_fresh_reads_are_never_stale(world: type[World], seed: int) -> None:
    """The first read after all adds shows all of them, on every node."""
    cluster = world(FreshCasCounter, seed=seed, latency_ms=latency_ms)
    total = load(cluster, adds=20)
    for name in cluster.nodes:
        assert cluster.request(name, "read")["value"] == total


def test_plain_reads_may_be_stale(world: type[World]) -> None:
    """Without the forced write some node reads the past, as seq-kv may serve it."""

    def is_stale(seed: int) -> bool:
        cluster = world(CasCounter, seed=seed, latency_ms=latency_ms)
        total = load(cluster, adds=5)
        return any(
            cluster.request(name, "read")["value"] != total for name in cluster.nodes
        )

    assert any(map(is_stale, SEEDS))


@every_counter
def test_a_read_without_answer_is_definitely_nothing(
    world: type[World], node: type[Node]
) -> None:
    """A service that says nothing makes reads fail with a code that says so."""
    cluster = world(node, ["n1"])
    cluster.mute_services |= {"lin-kv", "seq-kv"}
    body = cluster.request("n1", "read")
    assert body["code"] == (0 if node is FreshCasCounter else 11)


@pytest.mark.parametrize("node", SAFE)
def test_a_swap_without_answer_is_not_repeated(
    world: type[World], node: type[Node]
) -> None:
    """The client is told that nobody knows; what did happen is counted once."""
    cluster = world(node, ["n1"])
    cluster.request("n1", "add", delta=1)

    def swallow(kind: str) -> None:
        """Let the service act on the next request of a kind, but not answer."""
        service = cluster.services["seq-kv"]
        real = service.handle

        def handle(src: str, body: dict[str, object], rng: Random) -> dict[str, object]:
            reply = real(src, body, rng)
            if body["type"] == kind:
                service.handle = real  # type: ignore[method-assign]
                return {**reply, "type": "error", "code": 0}
            return reply

        service.handle = handle  # type: ignore[method-assign]

    swallow("cas")
    assert cluster.request("n1", "add", delta=10)["code"] == 0
    assert cluster.request("n1", "add", delta=100)["type"] == "add_ok"
    assert cluster.request("n1", "read")["value"] == 111


@pytest.mark.parametrize("node", SAFE)
def test_a_swap_that_comes_too_late_fails(world: type[World], node: type[Node]) -> None:
    """A request that overtakes an older one does not let it take adds away."""
    cluster = world(node, ["n1"])
    cluster.request("n1", "add", delta=1)
    delays = iter([0.0, 5000.0] if node is not SumCounter else [5000.0])

    def slow_cas(_: Random) -> float:
        return next(delays, 0.0)

    cluster.latency_ms = slow_cas
    if node is not SumCounter:  # the read, its answer, the swap
        delays = iter([0.0, 0.0, 5000.0])
    assert cluster.request("n1", "add", delta=10)["code"] == 0
    assert cluster.request("n1", "add", delta=100)["type"] == "add_ok"
    cluster.run(10)
    assert cluster.request("n1", "read")["value"] == 101


def test_a_total_from_before_a_restart_is_found(world: type[World]) -> None:
    """A node that starts anew goes on from what it has left in the store."""
    cluster = world(SumCounter, ["n1"])
    cluster.request("n1", "add", delta=5)
    cluster.nodes["n1"] = SumCounter()
    cluster.request("n1", "init", node_id="n1", node_ids=["n1"])
    cluster.request("n1", "add", delta=2)
    assert cluster.request("n1", "read")["value"] == 7


@every_counter
def test_a_delta_must_be_a_whole_number(world: type[World], node: type[Node]) -> None:
    """Anything else is malformed, and changes nothing."""
    cluster = world(node, ["n1"])
    for delta in (1.5, "1", None, True):
        assert cluster.request("n1", "add", delta=delta)["code"] == 12
    assert cluster.request("n1", "read")["value"] == 0


@every_counter
def test_errors_of_the_service_are_passed_on(
    world: type[World], node: type[Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the service refuses for reasons of its own reaches the client."""
    cluster = world(node, ["n1"])
    refusal = {"type": "error", "code": 11, "text": "busy"}
    for service in cluster.services.values():
        monkeypatch.setattr(service, "handle", lambda *_: refusal, raising=True)
    for request in ("add", "read"):
        assert cluster.request("n1", request, delta=1)["text"] == "busy"
