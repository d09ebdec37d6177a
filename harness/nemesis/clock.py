"""The nemesis `clock`: wall clocks of nodes jump away from the true time, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ._fault import Fault
from ._targets import draw_nodes


if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from ._fault import Arena, Plan

LEAST_S: Final = 0.1
RATIO: Final = 3_000.0
_NAMED: Final = 6


class Clock(Fault):
    """Sets clocks; every node gets an error of its own."""

    name = "clock"
    doc = "sets wall clocks of nodes wrong by 0.1 s to 5 minutes, and right again"

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._wrong: list[str] = []

    def draw(self, rng: Random) -> Plan | None:
        """Draw the nodes, and errors of which small and large ones are as likely."""
        struck = draw_nodes(self._arena.targets, self._arena.nodes, rng)
        offsets = {
            node: round(rng.choice((-1, 1)) * LEAST_S * RATIO ** rng.random(), 6)
            for node in struck
        }
        return {"offsets_s": offsets, "sentence": _sentence(offsets)}

    def start(self, plan: Plan) -> None:
        """Set the clocks wrong."""
        for node, offset_s in plan["offsets_s"].items():
            self._wrong.append(node)
            self._arena.machines.set_clock(node, round(offset_s * 1e9))

    def stop(self) -> dict[str, int]:
        """Set the clocks right; count those that were asked while they were wrong."""
        wrong, self._wrong = self._wrong, []
        machines = self._arena.machines
        asked = [machines.clock_was_read(node) for node in wrong]
        for node in wrong:
            machines.set_clock(node, 0)
        return {"clocks": sum(asked)}


def _sentence(offsets: Mapping[str, float]) -> str:
    errors = [
        f"that of {node} is {abs(offset):.3g} s {'fast' if offset > 0 else 'slow'}"
        for node, offset in offsets.items()
    ]
    rest = len(errors) - _NAMED
    told = ", ".join(errors[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
    return f"clocks are wrong: {told}"
