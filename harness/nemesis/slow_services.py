"""The nemesis `slow-services`: services take long to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from harness.network import LinkFault
from harness.network.latency import LogNormal

from ._link_nemesis import LinkNemesis
from ._targets import draw_nodes, many


if TYPE_CHECKING:
    from random import Random

    from ._fault import Plan

LEAST_MS: Final = 20
RATIO: Final = 100.0


class SlowServices(LinkNemesis):
    """Slows down messages between some nodes and all services, with a long tail."""

    name = "slow-services"
    doc = "slows requests to services and their replies down, perhaps beyond a timeout"
    counts = ("delayed", "in_flight")

    def draw(self, rng: Random) -> Plan | None:
        """Draw the nodes, and a mean from 20 ms to 2 s."""
        struck = draw_nodes(self._arena.targets, self._arena.nodes, rng)
        mean_ms = round(LEAST_MS * RATIO ** rng.random())
        return {
            "nodes": list(struck),
            "mean_ms": mean_ms,
            "sentence": f"requests of {many(struck)} to services, and their replies, "
            f"take {mean_ms} ms longer on average, and a few much longer",
        }

    def fault(self, plan: Plan) -> LinkFault:
        """Slow messages down."""
        there = [(n, s) for n in plan["nodes"] for s in self._arena.services]
        back = [(service, node) for node, service in there]
        return LinkFault(
            links=frozenset(there + back),
            delay=LogNormal(round(plan["mean_ms"] * 1e6)),
            delayed=1.0,
        )
