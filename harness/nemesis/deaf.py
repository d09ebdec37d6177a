"""The nemesis `deaf`: nodes hear no other node, though they are heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.network import LinkFault

from ._link_nemesis import LinkNemesis
from ._targets import draw_nodes, verb


if TYPE_CHECKING:
    from random import Random

    from ._fault import Plan

DOC = "nodes hear no other node, though they are heard and clients reach them"


class Deaf(LinkNemesis):
    """Cuts every link from other nodes to these."""

    name = "deaf"
    counts = ("dropped",)

    def draw(self, rng: Random) -> Plan | None:
        """Draw the nodes."""
        nodes = self._arena.nodes
        if len(nodes) < 2:
            return None
        struck = draw_nodes(self._arena.targets, nodes, rng)
        return {
            "nodes": list(struck),
            "sentence": f"{verb(struck, 'hears', 'hear')} no other node",
        }

    def start(self, plan: Plan) -> None:
        """Cut the links."""
        links = [(src, dest) for dest in plan["nodes"] for src in self._arena.nodes]
        self._impose(LinkFault(links=frozenset(links), block=True))
