"""The nemesis `duplicate`: messages between nodes arrive twice, perhaps much later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from harness.network import LinkFault
from harness.network.latency import LogNormal

from ._link_nemesis import LinkNemesis


if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from ._fault import Plan

SHARES: Final = (0.1, 0.3, 1.0)
COPY_MS: Final = (0, 10, 100, 1000)


class Duplicate(LinkNemesis):
    """Makes copies of messages from and to some nodes."""

    name = "duplicate"
    doc = (
        "delivers a share of the messages between nodes twice, the copy at once or late"
    )
    counts = ("duplicated", "in_flight")

    def details(self, struck: Sequence[str], rng: Random) -> Plan:
        """Draw the share, and how late copies are."""
        share, copy_ms = rng.choice(SHARES), rng.choice(COPY_MS)
        when = f"about {copy_ms} ms later" if copy_ms else "at once"
        return {
            "probability": share,
            "copy_ms": copy_ms,
            "sentence": f"{share:.0%} of the messages {self._around(struck)} "
            f"arrive twice, the copy {when}",
        }

    def fault(self, plan: Plan) -> LinkFault:
        """Copy messages."""
        return LinkFault(
            links=self._touching(plan["nodes"]),
            duplicate=plan["probability"],
            copy_delay=LogNormal(round(plan["copy_ms"] * 1e6)),
        )
