"""A counter that is asked to merge two states, and goes through the keys of one.

The bug: a key that only the other state has is left out. What it says of the laws is
always yes, as if the type were proof enough.
It shows as `dropped-key`, as `non-commutative` and as `false-claim`.
It needs no fault.
"""

from __future__ import annotations

from nodes.crdt import GCounter
from nodes.g_counter import GCounterNode
from nodes.runtime import Body, Message, run


class LeftKeysCounter(GCounterNode):
    """Differs from the G-Counter in the keys of a merge, and in what it says of it."""

    def crdt_verify(self, message: Message) -> Body:
        """Say that all laws hold."""
        laws = dict.fromkeys(("commutative", "idempotent"), True)
        if "state_c" in message["body"]:
            laws["associative"] = True
        return {**super().crdt_verify(message), **laws}

    def merged(self, left: GCounter, right: GCounter) -> GCounter:
        """Keep the greater count under each key of the state on the left."""
        return GCounter(
            {key: max(n, right.slots.get(key, 0)) for key, n in left.slots.items()}
        )


if __name__ == "__main__":
    run(LeftKeysCounter)
