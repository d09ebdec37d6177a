"""The nemesis `delay`: messages between nodes take longer, a few of them much longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from harness.network import LinkFault
from harness.network.latency import LogNormal

from ._link_nemesis import LinkNemesis


if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from ._fault import Plan

MEANS_MS: Final = (10, 50, 200)


class Delay(LinkNemesis):
    """Slows down messages from and to some nodes, with a long tail."""

    name = "delay"
    doc = "slows messages between nodes down, a few of them much more than the others"
    counts = ("delayed", "in_flight")

    def details(self, struck: Sequence[str], rng: Random) -> Plan:
        """Draw the mean."""
        mean_ms = rng.choice(MEANS_MS)
        return {
            "mean_ms": mean_ms,
            "sentence": f"messages {self._around(struck)} take "
            f"{mean_ms} ms longer on average, and a few much longer",
        }

    def fault(self, plan: Plan) -> LinkFault:
        """Slow messages down."""
        return LinkFault(
            links=self._touching(plan["nodes"]),
            delay=LogNormal(round(plan["mean_ms"] * 1e6)),
            delayed=1.0,
        )
