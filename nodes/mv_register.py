"""The MV-Register: a write replaces what its node knows; the rest are siblings."""

from __future__ import annotations

from nodes.crdt import MVRegister, MVRegisters
from nodes.replica import Replica
from nodes.runtime import Body, Message, decoded, handler, require, run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class MVRegisterNode(Replica):
    """Registers by key, with clocks that have an entry for each node.

    A write needs no context: what it replaces is what the node that takes it knows.
    """

    kind = MVRegisters
    state: MVRegisters

    @handler("mv_write")
    def write(self, message: Message) -> Body:
        """Write a value over all that is known of the key here; return its clock."""
        key = require(message["body"], "key", str)
        value = require(message["body"], "value", object)
        delta = self.state.get(key).write(self.actor, value)
        self.share(self.state.put(key, delta))
        return {"type": "mv_write_ok", "vclock": delta.clock.encode()}

    @handler("mv_read")
    def read(self, message: Message) -> Body:
        """Return the values of a key, several if they were written concurrently."""
        register = self.state.get(require(message["body"], "key", str))
        return {"type": "mv_read_ok", "values": register.encode()}

    @handler("mv_merge")
    def merge(self, message: Message) -> None:
        """Learn a write from a peer; no reply, the gossip makes up for what is lost."""
        key = require(message["body"], "key", str)
        register = decoded(
            message["body"], "entry", lambda entry: MVRegister.decode([entry])
        )
        self.learn(self.state.put(key, register))

    def share(self, delta: Any) -> None:
        """Take a write, and tell it to all peers, as the counter track has it.

        The clock tells all that matters for the key. Of what was known of other keys
        the peers hear with the gossip.
        """
        if self.learn(delta):
            [(key, register)] = delta.registers.items()
            for peer in self.peers:
                entry = register.encode()[0]
                self.send(peer, {"type": "mv_merge", "key": key, "entry": entry})


if __name__ == "__main__":
    run(MVRegisterNode)
