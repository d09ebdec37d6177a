"""What the faults of messages share: they impose a fault of links, and lift it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ._fault import Fault
from ._targets import draw_nodes, joined


if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from harness.network import LinkFault

    from ._fault import Arena, Plan


class LinkNemesis(Fault):
    """Imposes a fault of links under its own name.

    Most strike links between nodes, and say in `details` how; others draw their own
    plan. All say in `fault` what a plan means for messages.
    """

    counts: ClassVar[Sequence[str]]
    """Fields of `LinkEffect` that say what it did."""

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._imposed = False

    def draw(self, rng: Random) -> Plan | None:
        """Draw the nodes, of which there have to be two, and then the details."""
        nodes = self._arena.nodes
        if len(nodes) < 2:
            return None
        struck = draw_nodes(self._arena.targets, nodes, rng)
        return {"nodes": list(struck), **self.details(struck, rng)}

    def details(self, struck: Sequence[str], rng: Random) -> Plan:
        """Return the rest of the plan to strike these nodes, with its sentence."""
        raise NotImplementedError

    def fault(self, plan: Plan) -> LinkFault:
        """Return what a plan does to messages."""
        raise NotImplementedError

    def start(self, plan: Plan) -> None:
        """Put the fault in force."""
        self._arena.network.impose(self.name, self.fault(plan))
        self._imposed = True

    def stop(self) -> dict[str, int]:
        """Lift the fault, if it is in force."""
        if not self._imposed:
            return dict.fromkeys(self.counts, 0)
        self._imposed = False
        effect = self._arena.network.lift(self.name)
        return {count: getattr(effect, count) for count in self.counts}

    def _around(self, struck: Sequence[str]) -> str:
        """Name the links between nodes that have one of these at either end."""
        if set(struck) == set(self._arena.nodes):
            return "between nodes"
        return f"between {joined(struck, 'or')} and any other node"

    def _touching(self, struck: Sequence[str]) -> frozenset[tuple[str, str]]:
        """Return the links between nodes that have one of these at either end."""
        nodes = self._arena.nodes
        return frozenset(
            (src, dest)
            for src in nodes
            for dest in nodes
            if src != dest and (src in struck or dest in struck)
        )
