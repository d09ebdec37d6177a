"""A counter that is one integer for all nodes: read it, add to it, write it back.

The bug: between the read and the write another node does the same, and what it wrote
is overwritten. It takes a swap that fails when the number is no longer the one that
was read.
It shows as `lost-update`.
It needs no fault: two nodes at work at the same time are enough.
"""

from __future__ import annotations

from nodes.cas_counter import KEY
from nodes.fresh_cas_counter import FreshCasCounter
from nodes.runtime import run


class SharedIntegerCounter(FreshCasCounter):
    """Differs from the fresh counter in that it writes where that one swaps."""

    async def swap(self, old: int, new: int) -> bool:
        """Write the new number, whatever is there by now."""
        del old
        await self.kv.write(KEY, new)
        return True


if __name__ == "__main__":
    run(SharedIntegerCounter)
