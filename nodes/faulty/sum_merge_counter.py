"""A counter that adds what a peer has counted to what it has itself.

The bug: of two counts of one slot the sum is kept, and not the greater one. What comes
twice counts twice, and gossip comes again and again.
It shows as `over-count`.
It needs no fault.
"""

from __future__ import annotations

from nodes.crdt import GCounter
from nodes.g_counter import GCounterNode
from nodes.runtime import Message, run


class SumMergeCounter(GCounterNode):
    """Differs from the G-Counter in how two counts of a slot are merged."""

    def replicate(self, message: Message) -> None:
        """Add up all slots."""
        theirs, slots = self.decode(message["body"]), self.state.slots
        if not theirs <= self.state:
            counts = {
                node_id: slots.get(node_id, 0) + theirs.slots.get(node_id, 0)
                for node_id in {**slots, **theirs.slots}
            }
            self._change(GCounter(counts))


if __name__ == "__main__":
    run(SumMergeCounter)
