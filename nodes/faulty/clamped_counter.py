"""A counter that goes down, but not below zero.

The bug: a value below zero is taken for a mistake, and returned as zero.
It shows as `lost-update`: decrements are missing once there are more of them.
It needs no fault, and a sum below zero.
"""

from __future__ import annotations

from nodes.pn_counter import PNCounterNode
from nodes.runtime import Body, Message, run


class ClampedCounter(PNCounterNode):
    """Differs from the PN-Counter in what it returns below zero."""

    def read(self, _: Message) -> Body:
        """Return the sum, or zero."""
        return {"type": "read_ok", "value": max(0, self.state.value)}


if __name__ == "__main__":
    run(ClampedCounter)
