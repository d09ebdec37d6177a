"""A register that acknowledges what nobody else has heard of.

The bug: others are told of a write with the next tick only. If the disk is lost before,
nobody has the write.
It shows as `lost-write`.
It needs a *kill*, and that the disk is gone with it. A write that is told at once is
safe from that as soon as the message has left.
"""

from __future__ import annotations

from nodes.runtime import every, run
from nodes.vv_register import VVRegister


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any

INTERVAL_S = 0.3


class TickOnlyRegister(VVRegister):
    """Differs from the register with clocks in when it tells others."""

    def share(self, delta: Any) -> None:
        """Take a write."""
        self.learn(delta)

    @every(INTERVAL_S)
    def gossip(self) -> None:
        """Tell two peers, three times a second."""
        super().gossip()


if __name__ == "__main__":
    run(TickOnlyRegister)
