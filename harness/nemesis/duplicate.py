"""The nemesis `duplicate`: messages between nodes arrive twice, perhaps much later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from harness.network import LinkFault
from harness.network.latency import LogNormal

from ._link_nemesis import LinkNemesis
from ._targets import around, draw_nodes, touching


if TYPE_CHECKING:
    from random import Random

    from ._fault import Plan

DOC = "delivers a share of the messages between nodes twice, the copy at once or late"

SHARES: Final = (0.1, 0.3, 1.0)
COPY_MS: Final = (0, 10, 100, 1000)


class Duplicate(LinkNemesis):
    """Makes copies of messages from and to some nodes."""

    name = "duplicate"
    counts = ("duplicated", "in_flight")

    def draw(self, rng: Random) -> Plan | None:
        """Draw the nodes, the share, and how late copies are."""
        nodes = self._arena.nodes
        if len(nodes) < 2:
            return None
        struck = draw_nodes(self._arena.targets, nodes, rng)
        share, copy_ms = rng.choice(SHARES), rng.choice(COPY_MS)
        when = f"about {copy_ms} ms later" if copy_ms else "at once"
        return {
            "nodes": list(struck),
            "probability": share,
            "copy_ms": copy_ms,
            "sentence": f"{share:.0%} of the messages {around(struck, nodes)} "
            f"arrive twice, the copy {when}",
        }

    def start(self, plan: Plan) -> None:
        """Begin to copy messages."""
        fault = LinkFault(
            links=frozenset(touching(self._arena.nodes, plan["nodes"])),
            duplicate=plan["probability"],
            copy_delay=LogNormal(round(plan["copy_ms"] * 1e6)),
        )
        self._impose(fault)
