"""A set that tells its peers the newest first.

The bug: what is to be told waits on a stack, and not in a queue. While more comes in,
what is at the bottom stays there.
It shows as `monotonic-writes`: a peer has what a client added last, and not yet what it
added before.
It needs no fault. In the end everything is there: only a model of what clients see
meanwhile tells it from a set that is right.
"""

from __future__ import annotations

from nodes.g_set import GSetNode
from nodes.runtime import Body, Message, every, require, run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any

INTERVAL_S = 0.05


class NewestFirstSet(GSetNode):
    """Differs from the grow-only set in what it sends when."""

    def start(self) -> None:
        """Begin with nothing to tell."""
        super().start()
        self.untold: list[Any] = []

    def add(self, message: Message) -> Body:
        """Add an element, and tell it when its turn comes."""
        element = require(message["body"], "element", object)
        if self.learn([element]):
            self.untold.append(element)
        return {"type": "add_ok"}

    @every(INTERVAL_S)
    def tell(self) -> None:
        """Tell all peers an element."""
        if self.untold:
            element = self.untold.pop()
            for peer in self.peers:
                self.send(peer, {"type": "merge", "elements": [element]})


if __name__ == "__main__":
    run(NewestFirstSet)
