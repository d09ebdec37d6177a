"""The nemesis `roam`: clients change nodes between operations and stay who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._fault import Fault
from ._targets import draw_nodes, many


if TYPE_CHECKING:
    from random import Random

    from ._fault import Arena, Plan


class Roam(Fault):
    """Sends clients around; those of the nodes that are drawn."""

    name = "roam"
    doc = "has clients call one node after the other, each still the same process"

    def __init__(self, arena: Arena) -> None:
        self._arena = arena

    def draw(self, rng: Random) -> Plan | None:
        """Draw the nodes whose clients set out, and the order of the journey."""
        nodes = self._arena.nodes
        if len(nodes) < 2:
            return None
        struck = draw_nodes(self._arena.targets, nodes, rng)
        homes = self._arena.travellers.homes
        clients = [client for client, home in enumerate(homes) if home in struck]
        if not clients:
            return None
        return {
            "clients": clients,
            "nodes": rng.sample(nodes, len(nodes)),
            "sentence": f"the clients of {many(struck)} call one node after the other",
        }

    def start(self, plan: Plan) -> None:
        """Send the clients off."""
        self._arena.travellers.roam(plan["clients"], plan["nodes"])

    def stop(self) -> dict[str, int]:
        """Call the clients home."""
        return {"roamed": self._arena.travellers.go_home()}
