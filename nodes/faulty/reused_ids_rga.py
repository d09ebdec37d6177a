"""A text that names characters as before after it has lost them.

The bug: a node that was ended and has lost its disk counts from one again under its old
name. Until it has heard of what it wrote before, it gives new characters old names.
It shows as `order-cycle`, `order-inversion` or `intention-violation`: of two with one
name, which stand at two places, others keep the first; or as `divergence`.
It needs a node to be *killed*, and its disk lost. What was lost with the disk is owed by
nobody; it takes two characters of one name that are both still there.
"""

from __future__ import annotations

from nodes.rga import RGANode
from nodes.runtime import run


class ReusedIdsRGA(RGANode):
    """Differs from the text that is right in the name under which it counts."""

    def start(self) -> None:
        """Begin with what is on disk, under the name of the node."""
        super().start()
        self.actor = self.node_id


if __name__ == "__main__":
    run(ReusedIdsRGA)
