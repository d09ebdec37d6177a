"""A counter that believes that messages come in the order in which they were sent.

The bug: an add whose number is lower than the last one from the same peer is taken for
a copy, dropped and acknowledged. Only what was sent again is looked up.
It shows as `divergence`: what was overtaken never counts here.
It needs *reordering*. An add that gets lost is sent again, and counts.
"""

from __future__ import annotations

from nodes.op_counter import OpCounter
from nodes.runtime import run


class InOrderCounter(OpCounter):
    """Differs from the counter of operations in which numbers it looks up."""

    def is_new(self, origin: str, number: int, *, again: bool) -> bool:
        """Compare with the last number instead of looking up all of them."""
        if again:
            return super().is_new(origin, number, again=again)
        return number > next(reversed(self.counted.get(origin, {})), 0)


if __name__ == "__main__":
    run(InOrderCounter)
