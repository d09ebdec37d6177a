"""A counter that is asked to merge two states, and keeps the smaller counts.

The bug: of two counts under one key the smaller one is kept, and not the greater one. It
is a merge that obeys all laws, and what the node says of these is true; but it forgets.
It shows as `wrong-maximum`, and as nothing else.
It needs no fault.
"""

from __future__ import annotations

from nodes.crdt import GCounter
from nodes.g_counter import GCounterNode
from nodes.runtime import run


class SmallerCountCounter(GCounterNode):
    """Differs from the G-Counter in which of two counts it keeps."""

    def merged(self, left: GCounter, right: GCounter) -> GCounter:
        """Keep the smaller count under each key."""
        a, b = left.slots, right.slots
        return GCounter({key: min(a.get(key, 0), b.get(key, 0)) for key in {**a, **b}})


if __name__ == "__main__":
    run(SmallerCountCounter)
