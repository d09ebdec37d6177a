from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from nodes.g_set import GSetNode


if TYPE_CHECKING:
    from .conftest import World


@pytest.mark.parametrize("seed", range(20))
def test_sets_converge(world: type[World], seed: int) -> None:
    """Partitions, loss, reordering and duplication delay elements, and lose none."""
    cluster = world(
        GSetNode,
        seed=seed,
        latency_ms=lambda rng: rng.expovariate(1 / 20),
        loss=0.2,
        duplication=0.2,
    )
    rng = Random(seed)
    names = list(cluster.nodes)
    for element in range(60):
        if element % 20 == 0:
            cluster.heal()
            cluster.isolate(*rng.sample(names, rng.randrange(1, 5)))
        cluster.submit(rng.choice(names), "add", element=element)
        cluster.run(rng.uniform(0, 0.1))
    cluster.heal()
    cluster.run(8)
    for name in names:
        assert sorted(cluster.request(name, "read")["value"]) == list(range(60))


def test_an_element_is_everywhere_after_one_hop(world: type[World]) -> None:
    """What is new is told to everybody at once."""
    cluster = world(GSetNode, latency_ms=lambda _: 10)
    cluster.request("n1", "add", element=[1])
    cluster.run(0.01)
    for name in cluster.nodes:
        assert cluster.request(name, "read")["value"] == [[1]]


def test_an_add_of_nothing_is_malformed(world: type[World]) -> None:
    """A request without its field gets error 12; a lonely node has no peer to tell."""
    cluster = world(GSetNode, ["n1"])
    assert cluster.request("n1", "add")["code"] == 12
    cluster.run(2)
    assert not cluster.sent
