"""A set that has any node answer a read.

The bug: reads are spread over the nodes to balance the load, also those of one client.
So it may see an element, and then what a node has that does not know of it.
It shows as `monotonic-reads`.
It needs no fault, but messages that take their time. In the end everything is there:
only a model of what clients see meanwhile tells it from a set that is right.
"""

from __future__ import annotations

from nodes.g_set import GSetNode
from nodes.runtime import Body, Message, handler, run


class AnyReplicaSet(GSetNode):
    """Differs from the grow-only set in who answers."""

    @handler("look")
    def look(self, message: Message) -> Body:
        """Tell a peer what is known here."""
        return {**super().read(message), "type": "look_ok"}

    async def read(self, message: Message) -> Body:  # type: ignore[override]  # it asks
        """Return what some node knows."""
        node = self.rng.choice(self.node_ids)
        if node == self.node_id:
            return super().read(message)
        return {**await self.rpc(node, {"type": "look"}), "type": "read_ok"}


if __name__ == "__main__":
    run(AnyReplicaSet)
