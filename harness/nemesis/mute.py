"""The nemesis `mute`: nodes are heard by no other node, though they hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.network import LinkFault

from ._link_nemesis import LinkNemesis
from ._targets import joined


if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from ._fault import Plan


class Mute(LinkNemesis):
    """Cuts every link from these nodes to others."""

    name = "mute"
    doc = "nodes are heard by no other node, though they hear and answer clients"
    counts = ("dropped",)

    def details(self, struck: Sequence[str], rng: Random) -> Plan:
        """Say what comes of it; nothing else is left to chance."""
        del rng
        return {"sentence": f"no other node hears {joined(struck, 'or')}"}

    def fault(self, plan: Plan) -> LinkFault:
        """Block these links."""
        links = [(src, dest) for src in plan["nodes"] for dest in self._arena.nodes]
        return LinkFault(links=frozenset(links), block=True)
