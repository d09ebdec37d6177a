"""An OR-Set by operations that has no patience with removes that come too soon.

The bug: operations of different nodes are carried out in the order in which they arrive.
A remove that comes before the add that it takes away finds nothing, and is done with.
It shows as `divergence`: the add arrives later, and stays, on this node alone; or as
`resurrected-element`.
It needs messages that *reorder* themselves, or are lost and sent again.
"""

from __future__ import annotations

from nodes.crdt.dots import split
from nodes.op_or_set import OpORSet
from nodes.runtime import Message, run


class DiscardingSet(OpORSet):
    """Differs from the OR-Set by operations in what an operation waits for."""

    def learn(self, message: Message) -> None:
        """Let an operation wait for earlier ones of the same node, and for no others."""
        for entry in message["body"]["entries"]:
            actor = split(entry["dot"])[1]
            entry["after"] = {actor: entry["after"].get(actor, 0)}
        super().learn(message)


if __name__ == "__main__":
    run(DiscardingSet)
