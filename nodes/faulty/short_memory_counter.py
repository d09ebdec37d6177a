"""A counter that remembers the last few adds of each peer.

The bug: whether it has counted an add it looks up among the last eight of its origin.
When an acknowledgement was lost and the add comes again, there have been more.
It shows as `over-count`: an add that was sent again counts twice.
It needs *loss*, and adds that go on meanwhile.
"""

from __future__ import annotations

from nodes.op_counter import OpCounter
from nodes.runtime import run


KEPT = 8


class ShortMemoryCounter(OpCounter):
    """Differs from the counter of operations in how many numbers it looks up."""

    def is_new(self, origin: str, number: int, *, again: bool) -> bool:
        """Look up a number among those that were counted last."""
        del again
        return number not in list(self.counted.get(origin, {}))[-KEPT:]


if __name__ == "__main__":
    run(ShortMemoryCounter)
