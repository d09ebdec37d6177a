"""A text that sorts its characters now and then.

The bug: what arrives is put where the node finds a place for it, whoever was first. The
order that all agree on is made when a peer tells how much it has.
It shows as `order-inversion`: until then two nodes have two characters in two orders.
It needs no fault. In the end everything is right.
"""

from __future__ import annotations

from nodes.crdt.dots import split
from nodes.op_rga import OpRGA
from nodes.runtime import Message, handler, run


class LateSortingRGA(OpRGA):
    """Differs from the list that is right in when it compares times."""

    def begin(self) -> None:
        """Begin with an empty text."""
        super().begin()
        self.origins: dict[str, str | None] = {}

    def place_of(self, new: str, origin: str | None) -> int:
        """Return the place directly after the origin."""
        self.origins[new] = origin
        return 0 if origin is None else self.order.index(origin) + 1

    @handler("digest")
    def complete(self, message: Message) -> None:
        """Put all characters where they belong, and send the peer what it lacks."""
        self.order = []
        for name in sorted(self.origins, key=split):
            at = super().place_of(name, self.origins[name])
            self.order.insert(at, name)
        super().complete(message)


if __name__ == "__main__":
    run(LateSortingRGA)
