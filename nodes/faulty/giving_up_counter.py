"""A counter that gives up when nobody answers.

The bug: an add that nobody acknowledges, though all peers keep talking, is not sent
any more after a while: "all of them hear me, only the answers get lost".
It shows as `divergence`: nobody but this node ever learns of the add.
It needs a *mute* node, which hears and is not heard. In a partition there is silence
both ways, and near a deaf node the others do acknowledge.
"""

from __future__ import annotations

from nodes.faulty._hearing import HearingCounter
from nodes.runtime import run


PATIENCE_NS = 2_000_000_000


class GivingUpCounter(HearingCounter):
    """Differs from the counter of operations in when it stops to send again."""

    def presume(self, peer: str, number: int) -> bool:
        """Give up if all the peers talk and none of them acknowledges."""
        del peer
        return self.is_old(number, PATIENCE_NS) and all(
            number in owed and self.talks(other, number)
            for other, owed in self.owed.items()
        )


if __name__ == "__main__":
    run(GivingUpCounter)
