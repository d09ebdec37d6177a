"""A register that has siblings and shows the last of them.

The bug: the last writer wins, by the clocks of the nodes, and yet it is called a
register that keeps what is concurrent.
It shows as `lost-write`.
It needs no fault: two clients that write the same register are enough.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, run
from nodes.vv_register import VVRegister


class LastOfSiblingsRegister(VVRegister):
    """Differs from the register with clocks in that it has one mode only."""

    def set_mode(self, message: Message) -> Body:
        """Agree to any mode, and let the last writer win."""
        reply = super().set_mode(message)
        self.mode = "lww"
        return reply


if __name__ == "__main__":
    run(LastOfSiblingsRegister)
