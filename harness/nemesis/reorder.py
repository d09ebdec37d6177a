"""The nemesis `reorder`: some messages are held back, so that others overtake them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from harness.network import LinkFault
from harness.network.latency import Uniform

from ._link_nemesis import LinkNemesis


if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from ._fault import Plan

SHARES: Final = (0.1, 0.3, 0.5)
WINDOWS_MS: Final = (5, 50, 500)


class Reorder(LinkNemesis):
    """Holds back messages from and to some nodes."""

    name = "reorder"
    doc = (
        "holds back a share of the messages between nodes, so that others overtake them"
    )
    counts = ("overtaken", "delayed", "in_flight")

    def details(self, struck: Sequence[str], rng: Random) -> Plan:
        """Draw the share, and for how long at the most."""
        share, window_ms = rng.choice(SHARES), rng.choice(WINDOWS_MS)
        return {
            "probability": share,
            "window_ms": window_ms,
            "sentence": f"{share:.0%} of the messages {self._around(struck)} "
            f"are held back for up to {window_ms} ms",
        }

    def fault(self, plan: Plan) -> LinkFault:
        """Hold messages back."""
        return LinkFault(
            links=self._touching(plan["nodes"]),
            delay=Uniform(round(plan["window_ms"] * 1e6 / 2)),
            delayed=plan["probability"],
        )
