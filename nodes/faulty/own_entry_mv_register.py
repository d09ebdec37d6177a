"""A register that counts its own writes in clocks, and forgets those of others.

The bug: a write gets a clock with the count of its node, and nothing else in it. So it
replaces what was written on the same node, and nothing that the node has heard of.
It shows as `superseded-sibling`: the node had shown a value before it got the write that
stands beside it.
It needs no fault.
"""

from __future__ import annotations

from nodes.crdt import MVRegister, VersionVector
from nodes.mv_register import MVRegisterNode
from nodes.runtime import Body, Message, handler, require, run


class OwnEntryMVRegister(MVRegisterNode):
    """Differs from the multi-value register in the clocks of writes."""

    @handler("mv_write")
    def write(self, message: Message) -> Body:
        """Write a value over what was written here."""
        key = require(message["body"], "key", str)
        value = require(message["body"], "value", object)
        count = self.state.get(key).clock[self.actor]
        clock = VersionVector({self.actor: count + 1})
        self.share(self.state.put(key, MVRegister([(clock, value)])))
        return {"type": "mv_write_ok", "vclock": clock.encode()}


if __name__ == "__main__":
    run(OwnEntryMVRegister)
