"""A register that tells the number that it expects next, and not the last that it has.

The bug: the clock that clients are told is one too high for all nodes but the writer, as
if the next write of each had been there. Nodes among themselves use the right clocks.
It shows as `impossible-cause`, and as nothing else: that next write may have been made
by then, and no message has told of it.
It needs no fault, but messages that take their time.
"""

from __future__ import annotations

from nodes.crdt import VersionVector
from nodes.mv_register import MVRegisterNode
from nodes.runtime import Body, Message, run


class ExpectingMVRegister(MVRegisterNode):
    """Differs from the multi-value register in the clocks that clients are told."""

    def write(self, message: Message) -> Body:
        """Write a value, and with it the clock that is told."""
        body, known = message["body"], self.state.get(message["body"]["key"])
        told = {
            **{name: known.clock[name] + 1 for name in self.peers},
            self.actor: known.clock[self.actor] + 1,
        }
        value = [body.get("value"), VersionVector(told).encode()]
        reply = super().write({**message, "body": {**body, "value": value}})
        return {**reply, "vclock": told}

    def read(self, message: Message) -> Body:
        """Return the values of a key, with the clocks that are told."""
        reply = super().read(message)
        reply["values"] = [
            {"value": one["value"][0], "vclock": one["value"][1]}
            for one in reply["values"]
        ]
        return reply


if __name__ == "__main__":
    run(ExpectingMVRegister)
