"""A counter that is asked to merge two states, and takes over the second one.

The bug: of two counts under one key that of the second state is kept, and not the
greater one. No key is lost, and a state merged with itself stays as it was.
It shows as `wrong-maximum`, and as `non-commutative`.
It needs no fault.
"""

from __future__ import annotations

from nodes.crdt import GCounter
from nodes.g_counter import GCounterNode
from nodes.runtime import run


class OverwritingMergeCounter(GCounterNode):
    """Differs from the G-Counter in how two counts under a key are merged."""

    def merged(self, left: GCounter, right: GCounter) -> GCounter:
        """Keep the counts on the right."""
        return GCounter({**left.slots, **right.slots})


if __name__ == "__main__":
    run(OverwritingMergeCounter)
