"""A counter with one slot for all nodes.

The bug: all nodes count in the same slot, and the greater of two counts is kept. Who
has counted less has not counted.
It shows as `lost-update`, or before the end as `regress`.
It needs no fault: two nodes that count before they hear of each other are
enough.
"""

from __future__ import annotations

from nodes.g_counter import GCounterNode
from nodes.runtime import run


SLOT = "all"


class SharedSlotCounter(GCounterNode):
    """Differs from the G-Counter in the name of the slot."""

    def _count(self, amount: int) -> None:
        self.update(self.state.add(SLOT, amount))


if __name__ == "__main__":
    run(SharedSlotCounter)
