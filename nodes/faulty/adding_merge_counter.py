"""A counter that is asked to merge two states, and adds them up.

The bug: of two counts under one key the sum is taken, and not the greater one. A state
that is merged with itself has doubled. It says so itself, for whoever reads its flags.
It shows as `non-idempotent`, and as `wrong-maximum`.
It needs no fault.
"""

from __future__ import annotations

from nodes.crdt import GCounter
from nodes.g_counter import GCounterNode
from nodes.runtime import run


class AddingMergeCounter(GCounterNode):
    """Differs from the G-Counter in how two counts under a key are merged."""

    def merged(self, left: GCounter, right: GCounter) -> GCounter:
        """Add up all counts."""
        counts = dict(left.slots)
        for key, count in right.slots.items():
            counts[key] = counts.get(key, 0) + count
        return GCounter(counts)


if __name__ == "__main__":
    run(AddingMergeCounter)
