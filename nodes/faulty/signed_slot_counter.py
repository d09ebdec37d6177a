"""A counter that goes up and down in one slot for each node.

The bug: a slot that may go down is merged as one that only grows, by the greater count.
After a decrement the count from before is the greater one, and comes back.
It shows as `divergence`, or as `lost-update` where decrements are lost for all.
It needs no fault.
"""

from __future__ import annotations

from nodes.crdt import GCounter
from nodes.g_counter import GCounterNode
from nodes.runtime import Body, Message, require, run


class SignedCounter(GCounter):
    """A G-Counter that also counts down."""

    __slots__ = ()

    def add(self, node_id: str, amount: int) -> SignedCounter:
        """Count an amount of either sign."""
        before = self.slots.get(node_id, 0)
        return SignedCounter({**self.slots, node_id: before + amount})

    def merge(self, other: GCounter) -> SignedCounter:
        """Return the greater count of each slot."""
        counts = {**other.slots, **self.slots}
        for node_id in other.slots:
            counts[node_id] = max(counts[node_id], other.slots[node_id])
        return SignedCounter(counts)


class SignedSlotCounter(GCounterNode):
    """Differs from the G-Counter in that it takes negative deltas."""

    def empty(self) -> SignedCounter:
        """Begin with nothing counted."""
        return SignedCounter()

    def add(self, message: Message) -> Body:
        """Count a whole number of either sign."""
        delta = require(message["body"], "delta", int)
        self.update(self.state.add(self.node_id, delta))
        return {"type": "add_ok"}

    def decode(self, body: Body) -> SignedCounter:
        """Read the slots of another node."""
        return SignedCounter(require(body, "p_counters", dict))


if __name__ == "__main__":
    run(SignedSlotCounter)
