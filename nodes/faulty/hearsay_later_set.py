"""A set that tells what it has heard later than what its clients have said.

The bug: each round a node tells a peer what its own clients have added, and what it had
heard by the round before, which is not what they had read by then.
It shows as `causality-violation`, which is at the same time `writes-follow-reads`.
It needs no fault. In the end everything is there: only a model of what clients see
meanwhile tells it from a set that is right.
"""

from __future__ import annotations

from nodes.g_set import GSetNode
from nodes.runtime import Body, Message, every, require, run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any

INTERVAL_S = 0.1


class HearsayLaterSet(GSetNode):
    """Differs from the grow-only set in when it tells what."""

    def start(self) -> None:
        """Begin with what is on disk."""
        super().start()
        self.told: list[Any] = list(self.elements)

    def add(self, message: Message) -> Body:
        """Add an element, to be told in the next round."""
        element = require(message["body"], "element", object)
        if self.learn([element]):
            self.told.append(element)
        return {"type": "add_ok"}

    @every(INTERVAL_S)
    def exchange(self) -> None:
        """Tell a peer what is to be told."""
        if self.peers:
            peer = self.rng.choice(self.peers)
            self.send(peer, {"type": "merge", "elements": self.told})
        self.told = list(self.elements)


if __name__ == "__main__":
    run(HearsayLaterSet)
