"""A set that tells nobody what it was told.

The bug: each round a node tells a peer what its own clients have added, as every node
will. So a peer may have what was added by somebody who had read another element, and
not yet that.
It shows as `writes-follow-reads`.
It needs no fault. In the end everything is there: only a model of what clients see
meanwhile tells it from a set that is right.
"""

from __future__ import annotations

from nodes.g_set import GSetNode
from nodes.runtime import Body, Message, every, require, run


INTERVAL_S = 0.1


class OwnElementsSet(GSetNode):
    """Differs from the grow-only set in whom it tells what."""

    def start(self) -> None:
        """Begin with what is on disk."""
        super().start()
        self.own = self.disk.lines("own")

    def add(self, message: Message) -> Body:
        """Add an element, and leave it at that."""
        element = require(message["body"], "element", object)
        if self.learn([element]):
            self.own.append(element)
            self.disk.append("own", element)
        return {"type": "add_ok"}

    @every(INTERVAL_S)
    def exchange(self) -> None:
        """Tell a peer what was added here."""
        if self.peers:
            peer = self.rng.choice(self.peers)
            self.send(peer, {"type": "merge", "elements": self.own})


if __name__ == "__main__":
    run(OwnElementsSet)
