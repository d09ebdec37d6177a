"""The nemesis `service-partition`: nodes cannot reach services, or not be answered."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from harness.network import LinkFault

from ._link_nemesis import LinkNemesis
from ._targets import draw_nodes, many


if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from ._fault import Plan

DOC = "loses requests to services, or only their replies, or both"

LOST: Final[Mapping[str, str]] = MappingProxyType(
    {
        "both": "{} are cut off from all services",
        "replies": "{} get no reply from services, which get their requests",
        "requests": "no request of {} gets to a service",
    }
)
"""What is lost, by name, in words."""


class ServicePartition(LinkNemesis):
    """Cuts links between some nodes and all services."""

    name = "service-partition"
    counts = ("dropped",)

    def draw(self, rng: Random) -> Plan | None:
        """Draw the nodes and what is lost."""
        struck = draw_nodes(self._arena.targets, self._arena.nodes, rng)
        lost = rng.choice(tuple(LOST))
        sentence = LOST[lost].format(many(struck))
        if len(struck) == 1:
            sentence = sentence.replace(" are ", " is ", 1).replace(
                " get no", " gets no"
            )
            sentence = sentence.replace("their requests", "its requests")
        return {"nodes": list(struck), "lost": lost, "sentence": sentence}

    def start(self, plan: Plan) -> None:
        """Cut the links."""
        there = [(n, s) for n in plan["nodes"] for s in self._arena.services]
        back = [(service, node) for node, service in there]
        links = {"both": there + back, "requests": there, "replies": back}
        self._impose(LinkFault(links=frozenset(links[plan["lost"]]), block=True))
