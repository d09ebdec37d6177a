"""The nemesis `pause`: processes stand still, and go on as if nothing had been."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._fault import Fault
from ._targets import draw_nodes, verb


if TYPE_CHECKING:
    from random import Random

    from ._fault import Arena, Plan


class Pause(Fault):
    """Stops nodes with SIGSTOP; messages for them wait."""

    name = "pause"
    doc = "stops processes of nodes in the middle of whatever they do, and lets them go on"

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._paused: list[str] = []
        self._since = 0

    def draw(self, rng: Random) -> Plan | None:
        """Draw the nodes."""
        struck = draw_nodes(self._arena.targets, self._arena.nodes, rng)
        return {
            "nodes": list(struck),
            "sentence": f"{verb(struck, 'is', 'are')} paused",
        }

    def start(self, plan: Plan) -> None:
        """Stop the nodes; each stands still when this returns."""
        self._since = self._arena.agenda.now
        for node in plan["nodes"]:
            if self._arena.machines.pause(node):
                self._paused.append(node)

    def stop(self) -> dict[str, int]:
        """Let the nodes go on."""
        paused, self._paused = self._paused, []
        for node in paused:
            self._arena.machines.resume(node)
        return {
            "paused": len(paused),
            "paused_ns": (self._arena.agenda.now - self._since) * len(paused),
        }
