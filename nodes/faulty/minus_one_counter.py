"""A counter that says -1 when it means that it knows nothing.

The bug: what tells the parts of the program that nothing is known is told to clients.
It shows as `negative-value`.
It needs no fault.
"""

from __future__ import annotations

from nodes.g_counter import GCounterNode
from nodes.runtime import Body, Message, run


UNKNOWN = -1


class MinusOneCounter(GCounterNode):
    """Differs from the G-Counter in what it says when it knows nothing."""

    def read(self, message: Message) -> Body:
        """Return the sum, or -1 before anything is known."""
        if self.state.slots:
            return super().read(message)
        return {"type": "read_ok", "value": UNKNOWN}


if __name__ == "__main__":
    run(MinusOneCounter)
