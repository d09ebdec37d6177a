"""A register whose clocks cover more than their clients have seen.

The bug: a write is counted on from all that its node has counted. The clock then covers
writes of other clients. The node remembers what it has shown to whom, so that it takes no
harm; who goes by the clocks does.
It shows as `false-cause`, and as nothing else.
It needs no fault.
"""

from __future__ import annotations

from nodes.crdt import VersionVector
from nodes.faulty._remembering import RememberingRegister
from nodes.runtime import run


class AllKnownClockRegister(RememberingRegister):
    """Differs from the register that remembers in what it counts on from."""

    def lane(self, known: VersionVector, context: VersionVector) -> str:
        """Return the name of the node, whatever was counted under it."""
        del known, context
        return self.actor

    def clock_of(
        self, lane: str, known: VersionVector, context: VersionVector
    ) -> VersionVector:
        """Return the context, and one more than all that this node has counted."""
        return context.merge(VersionVector({lane: known[lane]})).increment(lane)


if __name__ == "__main__":
    run(AllKnownClockRegister)
