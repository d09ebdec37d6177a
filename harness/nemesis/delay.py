"""The nemesis `delay`: messages between nodes take longer, a few of them much longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from harness.network import LinkFault
from harness.network.latency import LogNormal

from ._link_nemesis import LinkNemesis
from ._targets import around, draw_nodes, touching


if TYPE_CHECKING:
    from random import Random

    from ._fault import Plan

DOC = "slows messages between nodes down, a few of them much more than the others"

MEANS_MS: Final = (10, 50, 200)


class Delay(LinkNemesis):
    """Slows down messages from and to some nodes, with a long tail."""

    name = "delay"
    counts = ("delayed", "in_flight")

    def draw(self, rng: Random) -> Plan | None:
        """Draw the nodes and the mean."""
        nodes = self._arena.nodes
        if len(nodes) < 2:
            return None
        struck = draw_nodes(self._arena.targets, nodes, rng)
        mean_ms = rng.choice(MEANS_MS)
        return {
            "nodes": list(struck),
            "mean_ms": mean_ms,
            "sentence": f"messages {around(struck, nodes)} take "
            f"{mean_ms} ms longer on average, and a few much longer",
        }

    def start(self, plan: Plan) -> None:
        """Begin to slow messages down."""
        fault = LinkFault(
            links=frozenset(touching(self._arena.nodes, plan["nodes"])),
            delay=LogNormal(round(plan["mean_ms"] * 1e6)),
            delayed=1.0,
        )
        self._impose(fault)
