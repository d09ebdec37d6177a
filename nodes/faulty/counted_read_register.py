"""A register that counts reads in its clocks.

The bug: a read is taken for an event of the node, as vector clocks count events. The
clocks of a register are to count writes, or one value gets ever another clock.
It shows as `unstable-clock`, and as nothing else.
It needs no fault.
"""

from __future__ import annotations

from nodes.dvv_register import DVVRegister
from nodes.runtime import Body, Message, run


class CountedReadRegister(DVVRegister):
    """Differs from the register with dots in what it counts."""

    def start(self) -> None:
        """Begin with nothing read."""
        super().start()
        self.events = 0

    def read(self, message: Message) -> Body:
        """Return the values of a key, and count that."""
        reply = super().read(message)
        self.events += 1
        reply["values"] = [
            {**one, "vc": {**one["vc"], f"{self.actor}/0": self.events}}
            for one in reply["values"]
        ]
        return reply


if __name__ == "__main__":
    run(CountedReadRegister)
