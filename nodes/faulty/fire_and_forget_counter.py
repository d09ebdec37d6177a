"""A counter that tells each add once.

The bug: an add goes to every peer once, and what becomes of it is nobody's concern.
It shows as `divergence`: each side of a partition counts what the other never hears of.
It needs a *partition*, or anything else that loses messages.
"""

from __future__ import annotations

from nodes.op_counter import OpCounter
from nodes.runtime import run


class FireAndForgetCounter(OpCounter):
    """Differs from the counter of operations in that it sends nothing again."""

    def retry(self) -> None:
        """Take everything for delivered."""


if __name__ == "__main__":
    run(FireAndForgetCounter)
