"""The nemesis `partition`: links between nodes are cut; `partitions` says which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.network import LinkFault

from ._link_nemesis import LinkNemesis
from .partitions import draw, shapes_for


if TYPE_CHECKING:
    from random import Random

    from ._fault import Plan


class Partition(LinkNemesis):
    """Cuts links, in a shape drawn among those that cut something."""

    name = "partition"
    doc = (
        "cuts links between nodes, in shapes drawn at random, in both directions or one"
    )
    counts = ("dropped",)

    def draw(self, rng: Random) -> Plan | None:
        """Draw a shape, then a cut in it."""
        nodes = self._arena.nodes
        shapes = shapes_for(len(nodes))
        if not shapes:
            return None
        cut = draw(rng.choice(shapes), nodes, rng)
        return {
            "shape": cut.shape,
            "sentence": cut.sentence,
            "blocked": sorted(map(list, cut.blocked)),
        }

    def fault(self, plan: Plan) -> LinkFault:
        """Block these links."""
        links = frozenset((src, dest) for src, dest in plan["blocked"])
        return LinkFault(links=links, block=True)
