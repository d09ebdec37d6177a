"""A grow-only set: what is new goes to everybody at once, and all of it now and then.

The first makes it fast, the second makes it right: whatever was lost in between,
in a partition say, comes with a later exchange of whole sets.
"""

from __future__ import annotations

from nodes.crdt import GSet
from nodes.runtime import Body, Message, Node, every, handler, require, run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any

EXCHANGE_S = 0.5


class GSetNode(Node):
    """Adds and reads without waiting for anybody, so it works in any partition.

    What is new is on disk before anybody hears of it, at the end of a log: the cost
    of an element does not grow with the set.
    """

    def start(self) -> None:
        """Begin with what is on disk, which is nothing the first time."""
        self.elements = GSet(self.disk.lines("elements"))

    def learn(self, elements: list[Any]) -> bool:
        """Add elements; tell whether any of them is new."""
        new = self.elements.merge(elements)
        if new:
            self.keep(new)
        return bool(new)

    def keep(self, elements: list[Any]) -> None:
        """Put elements on disk."""
        self.disk.append("elements", *elements)

    @handler("add")
    def add(self, message: Message) -> Body:
        """Add any JSON value, and tell all peers if it is new."""
        element = require(message["body"], "element", object)
        if self.learn([element]):
            for peer in self.peers:
                self.send(peer, {"type": "merge", "elements": [element]})
        return {"type": "add_ok"}

    @handler("read")
    def read(self, _: Message) -> Body:
        """Return the elements that are known here."""
        return {"type": "read_ok", "value": list(self.elements)}

    @every(EXCHANGE_S)
    def exchange(self) -> None:
        """Show one random peer all that is known here."""
        if self.peers:
            body = {"type": "exchange", "elements": list(self.elements)}
            self.send(self.rng.choice(self.peers), body)

    @handler("exchange")
    def answer_exchange(self, message: Message) -> None:
        """Learn what the peer has, and send back what it has not."""
        theirs = GSet(require(message["body"], "elements", list))
        missing = self.elements - theirs
        self.learn(list(theirs))
        if missing:
            self.send(message["src"], {"type": "merge", "elements": missing})

    @handler("merge")
    def merge(self, message: Message) -> None:
        """Learn elements from a peer."""
        self.learn(require(message["body"], "elements", list))


if __name__ == "__main__":
    run(GSetNode)
