"""A list that waits for what its writer wrote before, and for nothing else.

The bug: an operation is carried out though what its writer had heard of is not here yet. An
insertion after a character that has not arrived goes to the end; a deletion of one is
lost.
It shows as `divergence`: other nodes got the two in order.
It needs messages that overtake others: *reordering*.
"""

from __future__ import annotations

from nodes.crdt.dots import split
from nodes.op_rga import OpRGA
from nodes.runtime import Message, handler, run


class NoCausalBufferRGA(OpRGA):
    """Differs from the list that is right in what an operation waits for."""

    @handler("operations")
    def learn(self, message: Message) -> None:
        """Carry out what is new, in the order of each writer."""
        entries = []
        for entry in message["body"]["entries"]:
            writer = split(entry["dot"])[1]
            after = {name: n for name, n in entry["after"].items() if name == writer}
            entries.append({**entry, "after": after})
        super().learn({**message, "body": {**message["body"], "entries": entries}})

    def place_of(self, new: str, origin: str | None) -> int:
        """Return where a character belongs: at the end, if the other one is not here."""
        if origin is None or origin in self.order:
            return super().place_of(new, origin)
        return len(self.order)


if __name__ == "__main__":
    run(NoCausalBufferRGA)
