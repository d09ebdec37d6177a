"""A counter that forgets what it has counted when it is killed.

The bug: a node's own count is in memory only, and the node believes nobody else about
it. After a restart it counts from zero again, while its peers know a greater count of
the same name and keep the greater one.
It shows as `divergence`, as `lost-update`, or as `regress` of the node that was killed.
It needs a *kill*, and nothing about the disk: there is nothing on it.
"""

from __future__ import annotations

from nodes.crdt import GCounter
from nodes.g_counter import GCounterNode
from nodes.runtime import Message, run


class VolatileCounter(GCounterNode):
    """Differs from the G-Counter in where the node's own count comes from."""

    def keep(self) -> None:
        """Leave the disk alone."""

    def replicate(self, message: Message) -> None:
        """Learn what a peer knows, but for the own count."""
        own = self.state.slots.get(self.node_id, 0)
        super().replicate(message)
        self.state = GCounter({**self.state.slots, self.node_id: own})


if __name__ == "__main__":
    run(VolatileCounter)
