"""Registers whose writers say what they have seen, with a dot for each write.

The requests are those of `vv_register`, in mode `vv`. Here the nodes count, and not
the clients, so a client may write blindly, say what it saw long ago, and go from node to
node. The price is a clock with gaps: `{"n1": 2, "5-n1": 1}` has the first, second
and fifth write of `n1`.
"""

from __future__ import annotations

from nodes.crdt import CausalContext, DottedRegisters
from nodes.errors import MALFORMED_REQUEST
from nodes.replica import Replica
from nodes.runtime import Body, Message, RpcError, handler, require, run


class DVVRegister(Replica):
    """A write replaces the values that its context covers, wherever it is made."""

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
        """Write a value over what the context covers; return its clock and its dot."""
        body = message["body"]
        key, value = require(body, "key", str), require(body, "value", object)
        register, context = self.state.get(key), _context(body)
        dot = register.seen.next_dot(self.actor)
        clock = context.include(dot).encode()
        entry = {"value": value, "vc": clock, "dot": dot}
        self.share(self.state.put(key, register.write(self.actor, entry, context)))
        return {"type": "vv_write_ok", "vc": clock, "dot": dot}

    @handler("vv_read")
    def read(self, message: Message) -> Body:
        """Return the values of a key, and whether there are several."""
        values = self.state.get(require(message["body"], "key", str)).values
        return {"type": "vv_read_ok", "values": values, "conflict": len(values) > 1}


def _context(body: Body) -> CausalContext:
    try:
        return CausalContext.decode(body.get("context", {}))
    except ValueError as error:
        raise RpcError(MALFORMED_REQUEST, f"context: {error}") from None


if __name__ == "__main__":
    run(DVVRegister)
