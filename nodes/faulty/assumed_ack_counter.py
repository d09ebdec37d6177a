"""A counter that takes a peer that talks for one that hears.

The bug: an add that one peer does not acknowledge, while others do and this one keeps
talking, counts as delivered after a while: "only its acknowledgements get lost".
It shows as `stale-final-read`: the peer never learns of the add.
It needs a *deaf* node, which is heard and does not hear. In a partition there is
silence both ways, and single losses are made up for by the tries before.
"""

from __future__ import annotations

from nodes.faulty._hearing import HearingCounter
from nodes.runtime import run


PATIENCE_NS = 3_000_000_000


class AssumedAckCounter(HearingCounter):
    """Differs from the counter of operations in when it stops to send again."""

    def presume(self, peer: str, number: int) -> bool:
        """Trust a peer that talks, if another one has the operation."""
        others = [self.owed[other] for other in self.peers if other != peer]
        return (
            self.is_old(number, PATIENCE_NS)
            and self.talks(peer, number)
            and any(number not in owed for owed in others)
        )


if __name__ == "__main__":
    run(AssumedAckCounter)
