"""An OR-Set that throws its tombstones away after a while.

The bug: what was removed is remembered for 0.3 seconds, by when everybody is supposed to
have heard of it.
It shows as `resurrected-element`: a node that was out of touch for longer still has the
element, and no other knows any more that it was removed.
It needs a node that is *deaf*, or cut off, for longer than that.
"""

from __future__ import annotations

from nodes.crdt import ORSet
from nodes.or_set import ORSetNode
from nodes.runtime import every, run


class CollectingSet(ORSetNode):
    """Differs from the OR-Set in how long it remembers removals."""

    def start(self) -> None:
        """Begin with nothing that is due."""
        super().start()
        self.old = self.older = self.state.removed

    @every(0.15)
    def collect(self) -> None:
        """Forget what was removed two rounds ago."""
        kept = self.state.removed - self.older
        self.older, self.old = self.old, self.state.removed
        self.state = ORSet(self.state.live, kept)


if __name__ == "__main__":
    run(CollectingSet)
