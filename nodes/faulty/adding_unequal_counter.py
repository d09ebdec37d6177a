"""A counter that is asked to merge two states, and adds up counts that differ.

The bug: a count that is the same on both sides is taken for one that came twice, and
one that differs for one that is missing. Merging is commutative and even idempotent,
but it matters which two of three states come first.
It shows as `non-associative`, and as `wrong-maximum`.
It needs no fault.
"""

from __future__ import annotations

from nodes.crdt import GCounter
from nodes.g_counter import GCounterNode
from nodes.runtime import run


class AddingUnequalCounter(GCounterNode):
    """Differs from the G-Counter in how two counts under a key are merged."""

    def merged(self, left: GCounter, right: GCounter) -> GCounter:
        """Add up counts that differ."""
        counts = dict(left.slots)
        for key, count in right.slots.items():
            if counts.get(key) != count:
                counts[key] = counts.get(key, 0) + count
        return GCounter(counts)


if __name__ == "__main__":
    run(AddingUnequalCounter)
