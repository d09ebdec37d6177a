"""A counter that is asked to merge two states, and leaves out what only one has counted.

The bug: it goes through the keys of both, and not through those of either. It is a merge
that obeys all laws, and what the node says of these is true.
It shows as `dropped-key`, and as nothing else.
It needs no fault.
"""

from __future__ import annotations

from nodes.crdt import GCounter
from nodes.g_counter import GCounterNode
from nodes.runtime import run


class CommonKeysCounter(GCounterNode):
    """Differs from the G-Counter in the keys of a merge."""

    def merged(self, left: GCounter, right: GCounter) -> GCounter:
        """Keep the greater count under each key under which both have counted."""
        a, b = left.slots, right.slots
        return GCounter(
            {key: max(n, b[key]) for key, n in a.items() if n and b.get(key)}
        )


if __name__ == "__main__":
    run(CommonKeysCounter)
