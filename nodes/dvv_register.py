"""Registers whose writers say what they have seen, with a dot for each write.

The requests are those of `vv_register`, in mode `vv`. Here the nodes count, and not the
clients: so a client may write blindly, say what it saw long ago, and go from node to
node.
"""

from __future__ import annotations

from nodes.crdt import CausalContext, DottedRegisters, VersionVector
from nodes.errors import MALFORMED_REQUEST
from nodes.replica import Replica
from nodes.runtime import Body, Message, RpcError, decoded, handler, require, run


class DVVRegister(Replica):
    """A write replaces the values that its context covers, wherever it is made.

    The clock of a write is its context and its dot. For a plain vector to say that, the
    dot has to follow what the context covers of its actor. So a node counts in several
    lanes, `n1`, `n1/1`, `n1/2` and so on, and takes the first of which the context
    covers all. There are as many as there ever were writes that did not know of each
    other.
    """

    kind = DottedRegisters
    state: DottedRegisters

    @handler("set_mode")
    def set_mode(self, message: Message) -> Body:
        """Agree to the only mode there is."""
        if require(message["body"], "mode", str) != "vv":
            raise RpcError(MALFORMED_REQUEST, "the only mode here is 'vv'")
        return {"type": "set_mode_ok"}

    @handler("vv_write")
    def write(self, message: Message) -> Body:
        """Write a value over what the context covers; return its clock."""
        body = message["body"]
        key, value = require(body, "key", str), require(body, "value", object)
        context = decoded(body, "context", VersionVector.decode, {})
        register = self.state.get(key)
        lane = self.lane(register.seen.vector, context)
        clock = context.increment(lane).encode()
        entry = {"value": value, "vc": clock}
        delta = register.write(lane, entry, CausalContext(context))
        self.share(self.state.put(key, delta))
        return {"type": "vv_write_ok", "vc": clock}

    @handler("vv_read")
    def read(self, message: Message) -> Body:
        """Return the values of a key, and whether there are several."""
        values = self.state.get(require(message["body"], "key", str)).values
        return {"type": "vv_read_ok", "values": values, "conflict": len(values) > 1}

    def lane(self, known: VersionVector, context: VersionVector) -> str:
        """Return the first lane of this node of which a context covers all."""
        lane, number = self.actor, 0
        while known[lane] != context[lane]:
            number += 1
            lane = f"{self.actor}/{number}"
        return lane


if __name__ == "__main__":
    run(DVVRegister)
