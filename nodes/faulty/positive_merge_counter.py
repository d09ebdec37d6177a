"""A PN-Counter that merges what was added, and forgets to merge what was taken away.

The bug: of the two halves of another node's state only the positive one is merged.
It shows as `divergence`: decrements stay on the node that they were made on.
It needs no fault.
"""

from __future__ import annotations

from nodes.pn_counter import PNCounterNode
from nodes.runtime import Message, run


class PositiveMergeCounter(PNCounterNode):
    """Differs from the PN-Counter in which halves it merges."""

    def replicate(self, message: Message) -> None:
        """Learn what a peer has added, and nothing of what it has taken away."""
        half = {"n_counters": self.state.negative.encode()}
        super().replicate({**message, "body": {**message["body"], **half}})


if __name__ == "__main__":
    run(PositiveMergeCounter)
