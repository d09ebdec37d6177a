"""The PN-Counter: counts up and down on every node, and gossips both halves."""

from __future__ import annotations

from nodes.crdt import GCounter, PNCounter
from nodes.gossip import GossipNode
from nodes.runtime import Body, Message, decoded, handler, require, run


class PNCounterNode(GossipNode):
    """Adds numbers of either sign without waiting for anybody.

    Both halves travel in one message. Were they sent apart, a reader could meet a
    decrement before the increment that it took back.
    """

    state: PNCounter

    def empty(self) -> PNCounter:
        """Begin with nothing counted."""
        return PNCounter()

    @handler("add")
    def add(self, message: Message) -> Body:
        """Count a whole number of either sign."""
        delta = require(message["body"], "delta", int)
        self.update(self.state.add(self.node_id, delta))
        return {"type": "add_ok"}

    @handler("read")
    def read(self, _: Message) -> Body:
        """Return the sum of all slots, as far as they are known here."""
        return {"type": "read_ok", "value": self.state.value}

    def encode(self) -> Body:
        """Name the halves as the counter track does."""
        return {
            "p_counters": self.state.positive.encode(),
            "n_counters": self.state.negative.encode(),
        }

    def decode(self, body: Body) -> PNCounter:
        """Read both halves of another node."""
        return PNCounter(
            decoded(body, "p_counters", GCounter.decode),
            decoded(body, "n_counters", GCounter.decode),
        )

    def status(self) -> Body:
        """Tell the value that a read would return."""
        return {"local_value": self.state.value}


if __name__ == "__main__":
    run(PNCounterNode)
