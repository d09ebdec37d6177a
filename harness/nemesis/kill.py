"""The nemesis `kill`: processes end at once; they are started again at the stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._fault import Fault
from ._targets import draw_nodes, verb


if TYPE_CHECKING:
    from random import Random

    from ._fault import Arena, Plan


class Kill(Fault):
    """Kills nodes, and restarts them with the disk that the plan leaves them."""

    name = "kill"
    doc = "ends processes of nodes at once and starts them again, with their disk or without"

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._dead: dict[str, bool] = {}
        self._since = 0

    def draw(self, rng: Random) -> Plan | None:
        """Draw the nodes, and what is left of each one's disk."""
        arena = self._arena
        struck = draw_nodes(arena.targets, arena.nodes, rng)
        disk = {
            node: rng.choice(("kept", "lost")) if arena.disk == "either" else arena.disk
            for node in struck
        }
        emptied = [node for node in struck if disk[node] == "lost"]
        sentence = f"{verb(struck, 'is', 'are')} killed"
        if len(emptied) == len(struck):
            sentence += (
                f", and {'its disk is' if len(struck) == 1 else 'all disks are'} lost"
            )
        elif emptied:
            sentence += f", and {verb(emptied, 'loses its disk', 'lose their disks')}"
        return {"nodes": list(struck), "disk": disk, "sentence": sentence}

    def start(self, plan: Plan) -> None:
        """Kill the nodes; each is dead when this returns."""
        self._since = self._arena.agenda.now
        for node in plan["nodes"]:
            if self._arena.machines.kill(node):
                self._dead[node] = plan["disk"].get(node) != "lost"

    def stop(self) -> dict[str, int]:
        """Start the nodes again."""
        dead, self._dead = self._dead, {}
        machines = self._arena.machines
        restarted = [
            machines.restart(node, keep_disk=keep) for node, keep in dead.items()
        ]
        return {
            "killed": len(dead),
            "restarted": sum(restarted),
            "dead_ns": (self._arena.agenda.now - self._since) * len(dead),
        }
