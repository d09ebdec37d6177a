"""A counter that takes one for the number that it has not heard of.

The bug: where nothing is known yet, a read gets a default that nobody has counted.
It shows as `thin-air`: it is there before anybody has asked for it, and gone with the
first number that arrives.
It needs no fault.
"""

from __future__ import annotations

from nodes.pn_counter import PNCounterNode
from nodes.runtime import Body, Message, run


DEFAULT = 1


class DefaultOneCounter(PNCounterNode):
    """Differs from the PN-Counter in what it says when it knows nothing."""

    def read(self, message: Message) -> Body:
        """Return the sum, or what is taken for it before anything is known."""
        if self.state.positive.slots or self.state.negative.slots:
            return super().read(message)
        return {"type": "read_ok", "value": DEFAULT}


if __name__ == "__main__":
    run(DefaultOneCounter)
