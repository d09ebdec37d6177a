"""A counter that adds nothing while it hears nobody.

The bug: an add is refused as *temporarily unavailable* if a peer was silent for a while,
though a G-Counter needs nobody to count.
It shows as `unavailable`, where it is asked how many operations succeed.
It needs a *partition*.
"""

from __future__ import annotations

from nodes.errors import TEMPORARILY_UNAVAILABLE
from nodes.g_counter import GCounterNode
from nodes.runtime import Body, Message, RpcError, handler, run


SILENCE_NS = 350_000_000


class WaitingCounter(GCounterNode):
    """Differs from the G-Counter in that it wants company."""

    def start(self) -> None:
        """Begin as if all peers had just been heard."""
        super().start()
        self.heard_ns = dict.fromkeys(self.peers, self.now_ns)

    @handler("replicate")
    def replicate(self, message: Message) -> None:
        """Take note of when a peer was heard."""
        self.heard_ns[message["src"]] = self.now_ns
        super().replicate(message)

    def add(self, message: Message) -> Body:
        """Count if all peers were heard lately."""
        if self.now_ns - min(self.heard_ns.values()) > SILENCE_NS:
            raise RpcError(TEMPORARILY_UNAVAILABLE, "a peer is silent")
        return super().add(message)


if __name__ == "__main__":
    run(WaitingCounter)
