"""The nemesis `reorder`: some messages are held back, so that others overtake them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from harness.network import LinkFault
from harness.network.latency import Uniform

from ._link_nemesis import LinkNemesis
from ._targets import around, draw_nodes, touching


if TYPE_CHECKING:
    from random import Random

    from ._fault import Plan

DOC = "holds back a share of the messages between nodes, so that others overtake them"

SHARES: Final = (0.1, 0.3, 0.5)
WINDOWS_MS: Final = (5, 50, 500)


class Reorder(LinkNemesis):
    """Holds back messages from and to some nodes."""

    name = "reorder"
    counts = ("overtaken", "delayed", "in_flight")

    def draw(self, rng: Random) -> Plan | None:
        """Draw the nodes, the share, and for how long at the most."""
        nodes = self._arena.nodes
        if len(nodes) < 2:
            return None
        struck = draw_nodes(self._arena.targets, nodes, rng)
        share, window_ms = rng.choice(SHARES), rng.choice(WINDOWS_MS)
        return {
            "nodes": list(struck),
            "probability": share,
            "window_ms": window_ms,
            "sentence": f"{share:.0%} of the messages {around(struck, nodes)} "
            f"are held back for up to {window_ms} ms",
        }

    def start(self, plan: Plan) -> None:
        """Begin to hold back messages."""
        fault = LinkFault(
            links=frozenset(touching(self._arena.nodes, plan["nodes"])),
            delay=Uniform(round(plan["window_ms"] * 1e6 / 2)),
            delayed=plan["probability"],
        )
        self._impose(fault)
