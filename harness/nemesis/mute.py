"""The nemesis `mute`: nodes are heard by no other node, though they hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.network import LinkFault

from ._link_nemesis import LinkNemesis
from ._targets import draw_nodes, joined


if TYPE_CHECKING:
    from random import Random

    from ._fault import Plan

DOC = "nodes are heard by no other node, though they hear and answer clients"


class Mute(LinkNemesis):
    """Cuts every link from these nodes to others."""

    name = "mute"
    counts = ("dropped",)

    def draw(self, rng: Random) -> Plan | None:
        """Draw the nodes."""
        nodes = self._arena.nodes
        if len(nodes) < 2:
            return None
        struck = draw_nodes(self._arena.targets, nodes, rng)
        return {
            "nodes": list(struck),
            "sentence": f"no other node hears {joined(struck, 'or')}",
        }

    def start(self, plan: Plan) -> None:
        """Cut the links."""
        links = [(src, dest) for src in plan["nodes"] for dest in self._arena.nodes]
        self._impose(LinkFault(links=frozenset(links), block=True))
