"""A counter that trusts a link as long as something comes over it.

The bug: it sends an add again only to a peer that was silent for a second. "A link is
up or down; as long as it is up, everything arrives", as TCP has it.
It shows as `divergence`: the peer never learns of the add.
It needs *loss* of single messages. A partition makes a silence, and is made up for.
"""

from __future__ import annotations

from nodes.faulty._hearing import HearingCounter
from nodes.runtime import run


PATIENCE_NS = 400_000_000  # less than until it would be sent again


class TrustingCounter(HearingCounter):
    """Differs from the counter of operations in what it does not send again."""

    def presume(self, peer: str, number: int) -> bool:
        """Trust the link to a peer that has talked all the time."""
        return self.is_old(number, PATIENCE_NS) and self.talks(peer, number)


if __name__ == "__main__":
    run(TrustingCounter)
