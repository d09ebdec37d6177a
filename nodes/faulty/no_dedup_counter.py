"""A counter that believes a message that says it is the first of its kind.

The bug: it looks up only those adds that were sent again, whether it has them already.
"What was sent once arrives once."
It shows as `over-count`: a message that the network repeats counts twice.
It needs *duplication*. What the node itself sends twice, after a loss, counts once.
"""

from __future__ import annotations

from nodes.op_counter import OpCounter
from nodes.runtime import run


class NoDedupCounter(OpCounter):
    """Differs from the counter of operations in which numbers it looks up."""

    def is_new(self, origin: str, number: int, *, again: bool) -> bool:
        """Look up the number of an operation that was sent before, and no other."""
        return not again or super().is_new(origin, number, again=again)


if __name__ == "__main__":
    run(NoDedupCounter)
