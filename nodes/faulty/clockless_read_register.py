"""A register that leaves clocks out of reads that show no conflict.

The bug: it takes clocks for something to resolve conflicts with. So the context of a
client, and with it the clock of its next write, lacks what it has read. The node
remembers what it has shown to whom, so that it takes no harm; who goes by the clocks does.
It shows as `clock-misses-cause`, and as nothing else.
It needs no fault.
"""

from __future__ import annotations

from nodes.faulty._remembering import RememberingRegister
from nodes.runtime import Body, Message, run


class ClocklessReadRegister(RememberingRegister):
    """Differs from the register that remembers in what a read tells."""

    def read(self, message: Message) -> Body:
        """Return the values of a key, and clocks if there are several."""
        reply = super().read(message)
        if not reply["conflict"]:
            reply["values"] = [{"value": one["value"]} for one in reply["values"]]
        return reply


if __name__ == "__main__":
    run(ClocklessReadRegister)
