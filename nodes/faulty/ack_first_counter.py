"""A counter that says that it has counted before it does.

The bug: an add is acknowledged at once, and taken in a little later.
It shows as `read-your-writes`: a client that reads right after its add misses it.
It needs no fault. In the end everything is there: only a model of what clients see
meanwhile tells it from a counter that is right.
"""

from __future__ import annotations

from nodes.g_counter import GCounterNode
from nodes.runtime import run


DELAY_S = 0.05


class AckFirstCounter(GCounterNode):
    """Differs from the G-Counter in when it counts."""

    def _count(self, amount: int) -> None:
        self.spawn(self.count_later(amount))

    async def count_later(self, amount: int) -> None:
        """Count after the acknowledgement has left."""
        await self.sleep(DELAY_S)
        super()._count(amount)


if __name__ == "__main__":
    run(AckFirstCounter)
