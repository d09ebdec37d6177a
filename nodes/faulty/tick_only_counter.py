"""A counter that leaves it to the clock when others hear of an add.

The bug: an add is not told at once, but with the next tick, up to three seconds later.
Nothing is wrong with what is read but that it is old.
It shows as `assertion-failed`, once somebody says how soon nodes are to converge.
It needs no fault.
"""

from __future__ import annotations

from nodes.g_counter import GCounterNode
from nodes.gossip import GossipNode
from nodes.runtime import every, run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from nodes.gossip import State

INTERVAL_S = 2.7


class TickOnlyCounter(GCounterNode):
    """Differs from the G-Counter in when it tells what it has counted."""

    def update(self, state: State) -> None:
        """Take the state after a local add, and leave it at that."""
        self._change(state)

    @every(INTERVAL_S)
    def gossip(self) -> None:
        """Tell two peers what is known here, now and then."""
        GossipNode.gossip(self)


if __name__ == "__main__":
    run(TickOnlyCounter)
