"""A counter that counts, and reads, on each node for itself.

The bug: nothing is told to anybody. Each node returns what its own clients have added.
It shows as `divergence`: no message could have carried an add to another node.
It needs no fault, and more than one node.
"""

from __future__ import annotations

from nodes.g_counter import GCounterNode
from nodes.runtime import run


class LocalReadsCounter(GCounterNode):
    """Differs from the G-Counter in that it does not gossip."""

    def _gossip(self) -> None:
        """Tell nobody."""


if __name__ == "__main__":
    run(LocalReadsCounter)
