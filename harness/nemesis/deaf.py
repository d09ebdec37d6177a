"""The nemesis `deaf`: nodes hear no other node, though they are heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.network import LinkFault

from ._link_nemesis import LinkNemesis
from ._targets import verb


if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from ._fault import Plan


class Deaf(LinkNemesis):
    """Cuts every link from other nodes to these."""

    name = "deaf"
    doc = "nodes hear no other node, though they are heard and clients reach them"
    counts = ("dropped",)

    def details(self, struck: Sequence[str], rng: Random) -> Plan:
        """Say what comes of it; nothing else is left to chance."""
        del rng
        return {"sentence": f"{verb(struck, 'hears', 'hear')} no other node"}

    def fault(self, plan: Plan) -> LinkFault:
        """Block these links."""
        links = [(src, dest) for dest in plan["nodes"] for src in self._arena.nodes]
        return LinkFault(links=frozenset(links), block=True)
