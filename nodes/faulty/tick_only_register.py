"""A register that acknowledges what is nowhere but in its memory.

The bug: a write comes to the disk, and to others, with the next tick only. If the node
is ended before, nobody has the write.
It shows as `lost-write`.
It needs a *kill*. A write that is on the disk before it is acknowledged is safe.
"""

from __future__ import annotations

from nodes.runtime import every, run
from nodes.vv_register import VVRegister


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any

INTERVAL_S = 0.3


class TickOnlyRegister(VVRegister):
    """Differs from the register with clocks in when it keeps and tells a write."""

    def share(self, delta: Any) -> None:
        """Take a write."""
        self.learn(delta)

    def keep(self) -> None:
        """Leave that to the tick."""

    @every(INTERVAL_S)
    def gossip(self) -> None:
        """Keep what there is and tell two peers, three times a second."""
        super().keep()
        super().gossip()


if __name__ == "__main__":
    run(TickOnlyRegister)
