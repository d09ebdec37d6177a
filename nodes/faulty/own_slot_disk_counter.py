"""A counter that keeps no more than its own slot on disk.

The bug: what others have counted they will tell again, so it is not kept. Until they
have, a node that was started again shows less than it had shown before.
It shows as `regress`.
It needs a *kill*. In the end everything is there.
"""

from __future__ import annotations

from nodes.g_counter import GCounterNode
from nodes.runtime import run


class OwnSlotDiskCounter(GCounterNode):
    """Differs from the G-Counter in what it keeps."""

    def keep(self) -> None:
        """Put the own slot on disk."""
        own = {self.node_id: self.state.slots.get(self.node_id, 0)}
        self.disk.write("state", {"p_counters": own})


if __name__ == "__main__":
    run(OwnSlotDiskCounter)
