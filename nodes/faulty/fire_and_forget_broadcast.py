"""A broadcast that tells each value once.

The bug: a value goes to every neighbour once, and what becomes of it is nobody's
concern.
It shows as `missing-on-node`: what was broadcast on one side of a partition stays there.
It needs a *partition*, or anything else that loses messages.
"""

from __future__ import annotations

from nodes.broadcast import Broadcast
from nodes.runtime import run


class FireAndForgetBroadcast(Broadcast):
    """Differs from the broadcast node in that it sends nothing again."""

    def retry(self) -> None:
        """Take everything for delivered."""


if __name__ == "__main__":
    run(FireAndForgetBroadcast)
