from __future__ import annotations

from typing import TYPE_CHECKING

from nodes.unique_ids import UniqueIds


if TYPE_CHECKING:
    from .conftest import World


def test_ids_differ_between_nodes_and_lives(world: type[World]) -> None:
    """No id is made twice: not on two nodes, not after a restart with the same seed."""
    ids = []
    cluster = world(UniqueIds, seed=1)
    for _ in range(2):
        for name in cluster.nodes:
            ids += [cluster.request(name, "generate")["id"] for _ in range(100)]
        cluster.run(0.001)
        for name, dead in cluster.nodes.items():
            reborn = UniqueIds(seed=1)
            reborn.now_ns = cluster.now_ns
            cluster.nodes[name] = reborn
            names = dead.node_ids
            cluster.request(name, "init", node_id=name, node_ids=names)
    assert len(set(ids)) == len(ids) == 1000
