"""The nemesis `loss`: a share of the messages between nodes is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from harness.network import LinkFault

from ._link_nemesis import LinkNemesis
from ._targets import around, draw_nodes, touching


if TYPE_CHECKING:
    from random import Random

    from ._fault import Plan

DOC = "loses a share of the messages between nodes"

SHARES: Final = (0.05, 0.1, 0.2, 0.5)


class Loss(LinkNemesis):
    """Loses messages from and to some nodes."""

    name = "loss"
    counts = ("dropped",)

    def draw(self, rng: Random) -> Plan | None:
        """Draw the nodes and the share."""
        nodes = self._arena.nodes
        if len(nodes) < 2:
            return None
        struck = draw_nodes(self._arena.targets, nodes, rng)
        share = rng.choice(SHARES)
        return {
            "nodes": list(struck),
            "probability": share,
            "sentence": f"{share:.0%} of the messages {around(struck, nodes)} are lost",
        }

    def start(self, plan: Plan) -> None:
        """Begin to lose messages."""
        links = frozenset(touching(self._arena.nodes, plan["nodes"]))
        self._impose(LinkFault(links=links, loss=plan["probability"]))
