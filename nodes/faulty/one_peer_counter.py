"""A counter that gossips with the same peer all the time.

The bug: each node tells its first peer, and nobody else. Of three nodes the last one
is told nothing by anybody.
It shows as `stale-final-read`: no message could have carried an add to that node.
It needs no fault, and three nodes.
"""

from __future__ import annotations

from nodes.g_counter import GCounterNode
from nodes.runtime import run


class OnePeerCounter(GCounterNode):
    """Differs from the G-Counter in whom it tells."""

    def _gossip(self) -> None:
        self.send(self.peers[0], {"type": "replicate", **self.encode()})


if __name__ == "__main__":
    run(OnePeerCounter)
