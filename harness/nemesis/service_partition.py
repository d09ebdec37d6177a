"""The nemesis `service-partition`: nodes cannot reach services, or not be answered."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from harness.network import LinkFault

from ._link_nemesis import LinkNemesis
from ._targets import draw_nodes, many, verb


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

    from ._fault import Plan

_SENTENCES: Final[Mapping[str, Callable[[Sequence[str]], str]]] = MappingProxyType(
    {
        "both": lambda struck: f"{verb(struck, 'is', 'are')} cut off from all services",
        "replies": lambda struck: (
            f"{verb(struck, 'gets', 'get')} no reply from services, "
            f"which get {'its' if len(struck) == 1 else 'their'} requests"
        ),
        "requests": lambda struck: f"no request of {many(struck)} gets to a service",
    }
)
"""What may be lost, by name, in words."""


class ServicePartition(LinkNemesis):
    """Cuts links between some nodes and all services."""

    name = "service-partition"
    doc = "loses requests to services, or only their replies, or both"
    counts = ("dropped",)

    def draw(self, rng: Random) -> Plan | None:
        """Draw the nodes and what is lost."""
        struck = draw_nodes(self._arena.targets, self._arena.nodes, rng)
        lost = rng.choice(tuple(_SENTENCES))
        return {
            "nodes": list(struck),
            "lost": lost,
            "sentence": _SENTENCES[lost](struck),
        }

    def fault(self, plan: Plan) -> LinkFault:
        """Block these links."""
        there = [(n, s) for n in plan["nodes"] for s in self._arena.services]
        back = [(service, node) for node, service in there]
        links = {"both": there + back, "requests": there, "replies": back}
        return LinkFault(links=frozenset(links[plan["lost"]]), block=True)
