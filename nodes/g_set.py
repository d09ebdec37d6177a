"""A grow-only set: what is new goes to everybody at once, and all of it now and then.

The first makes it fast, the second makes it right: whatever was lost in between,
in a partition say, comes with a later exchange of whole sets.
"""

from __future__ import annotations

from nodes.crdt import GSet
from nodes.runtime import Body, Message, Node, every, handler, require, run


EXCHANGE_S = 0.5


class GSetNode(Node):
    """Adds and reads without waiting for anybody, so it works in any partition."""

    def start(self) -> None:
        """Begin with the empty set."""
        self.elements = GSet()

    @handler("add")
    def add(self, message: Message) -> Body:
        """Add any JSON value, and tell all peers if it is new."""
        element = require(message["body"], "element", object)
        if self.elements.add(element):
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
        self.elements.merge(theirs)
        if missing:
            self.send(message["src"], {"type": "merge", "elements": missing})

    @handler("merge")
    def merge(self, message: Message) -> None:
        """Learn elements from a peer."""
        self.elements.merge(require(message["body"], "elements", list))


if __name__ == "__main__":
    run(GSetNode)
