"""A register that forgets how many writes it has counted.

The bug: what the node knows is on disk, and how often it has written is in memory. When
it is started again it counts from one.
It shows as `dot-reuse`, and then its writes are lost to what its peers know by that
name.
It needs a *kill*.
"""

from __future__ import annotations

from nodes.crdt import MVRegister, VersionVector
from nodes.mv_register import MVRegisterNode
from nodes.runtime import Body, Message, run


class VolatileClockMVRegister(MVRegisterNode):
    """Differs from the multi-value register in where the count of a write comes from."""

    def start(self) -> None:
        """Begin with no writes counted."""
        super().start()
        self.written: dict[str, int] = {}

    def write(self, message: Message) -> Body:
        """Write a value over all that is known of the key here; return its clock."""
        key, value = message["body"]["key"], message["body"]["value"]
        count = self.written[key] = self.written.get(key, 0) + 1
        counts = {**self.state.get(key).clock.counts, self.actor: count}
        clock = VersionVector(counts)
        self.share(self.state.put(key, MVRegister([(clock, value)])))
        return {"type": "mv_write_ok", "vclock": clock.encode()}


if __name__ == "__main__":
    run(VolatileClockMVRegister)
