"""A counter whose nodes take over what they are told.

The bug: the state of a peer replaces the own one, as if what comes last were newest.
It shows as `regress`, and as `lost-update` or `divergence` in the end.
It needs no fault: two nodes that count before they hear of each other are
enough.
"""

from __future__ import annotations

from nodes.g_counter import GCounterNode
from nodes.runtime import Message, run


class LastReceivedCounter(GCounterNode):
    """Differs from the G-Counter in that it does not merge."""

    def replicate(self, message: Message) -> None:
        """Take what a peer knows for all there is to know."""
        self._change(self.decode(message["body"]))


if __name__ == "__main__":
    run(LastReceivedCounter)
