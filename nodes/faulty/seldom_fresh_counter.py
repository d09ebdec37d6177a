"""A counter that has caught up with the store a moment ago, and lets that do.

The bug: a read catches up with the store only if the last one to do so is more than
0.2 seconds ago.
It shows as `non-linearizable`: a read misses what was acknowledged before it began.
It needs no fault. It is sequentially consistent all the same: only where real time
counts is it wrong.
"""

from __future__ import annotations

from nodes.fresh_cas_counter import FreshCasCounter
from nodes.runtime import run


FRESH_NS = 200_000_000


class SeldomFreshCounter(FreshCasCounter):
    """Differs from the counter with fresh reads in how often it catches up."""

    def start(self) -> None:
        """Begin with no catching up done."""
        super().start()
        self.fresh_ns = -FRESH_NS

    async def _catch_up(self) -> None:
        if self.now_ns - self.fresh_ns > FRESH_NS:
            await super()._catch_up()
            self.fresh_ns = self.now_ns


if __name__ == "__main__":
    run(SeldomFreshCounter)
