from __future__ import annotations

from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from harness.network.topology import topology
from nodes.broadcast import Broadcast


if TYPE_CHECKING:
    from .conftest import World

NAMES = [f"n{i}" for i in range(25)]


def spread(world: World, shape: str) -> None:
    """Tell all nodes the topology."""
    for name in world.nodes:
        links = topology(shape, list(world.nodes))
        assert world.request(name, "topology", topology=links) == {
            "type": "topology_ok",
            "in_reply_to": world.replies[-1][1]["body"]["in_reply_to"],
            "msg_id": 1,
        }


def everywhere(world: World) -> list[list[Any]]:
    """Return what each node has."""
    return [world.request(name, "read")["messages"] for name in world.nodes]


def drive(world: World, *, operations: int, rate: float) -> list[float]:
    """Run a mix of broadcasts and reads; return the stable latencies in ms.

    That is the time from the acknowledgement of a value to the last read that lacked
    it, which is how the published figures were measured.
    """
    rng = Random(1)
    known_ns: dict[int, int] = {}
    reads: list[tuple[int, int]] = []
    for _ in range(operations):
        node = f"n{rng.randrange(len(world.nodes))}"
        if rng.random() < 0.5:
            reads.append((world.now_ns, world.submit(node, "read")))
        else:
            value = len(known_ns)
            known_ns[value] = world.now_ns
            world.submit(node, "broadcast", message=value)
        world.run(rng.uniform(0, 2 / rate))
    world.run(5)
    latest = dict.fromkeys(known_ns, 0.0)
    bodies = {m["body"]["in_reply_to"]: m["body"] for _, m in world.replies}
    for read_ns, msg_id in reads:
        for value in known_ns.keys() - set(bodies[msg_id]["messages"]):
            late_ms = (read_ns - known_ns[value]) / 1e6
            latest[value] = max(late_ms, latest[value])
    return list(latest.values())


@pytest.mark.parametrize(
    ("arguments", "messages", "half_ms", "all_ms"),
    [((), 30, 400, 600), (("--batch-ms", "150"), 20, 1000, 2000)],
)
def test_published_thresholds_are_met(
    world: type[World],
    arguments: tuple[str, ...],
    messages: float,
    half_ms: float,
    all_ms: float,
) -> None:
    """25 nodes in a tree at 100 ms meet the thresholds of the broadcast challenge."""
    cluster = world(Broadcast, NAMES, arguments=arguments, latency_ms=lambda _: 100)
    spread(cluster, "tree4")
    before = len(cluster.sent)
    latencies = drive(cluster, operations=2000, rate=100)
    per_operation = (len(cluster.sent) - before) / 2000
    assert per_operation < messages
    assert median(latencies) < half_ms
    assert max(latencies) < all_ms
