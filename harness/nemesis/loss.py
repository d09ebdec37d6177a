"""The nemesis `loss`: a share of the messages between nodes is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from harness.network import LinkFault

from ._link_nemesis import LinkNemesis


if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from ._fault import Plan

SHARES: Final = (0.05, 0.1, 0.2, 0.5)


class Loss(LinkNemesis):
    """Loses messages from and to some nodes."""

    name = "loss"
    doc = "loses a share of the messages between nodes"
    counts = ("dropped",)

    def details(self, struck: Sequence[str], rng: Random) -> Plan:
        """Draw the share."""
        share = rng.choice(SHARES)
        return {
            "probability": share,
            "sentence": f"{share:.0%} of the messages {self._around(struck)} are lost",
        }

    def fault(self, plan: Plan) -> LinkFault:
        """Lose messages."""
        return LinkFault(links=self._touching(plan["nodes"]), loss=plan["probability"])
