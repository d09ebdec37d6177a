"""A counter that writes to the store when it has time.

The bug: an add is acknowledged at once, and put into the store a little later, after
others have read from there. Reads on the same node have it all the same, so that its own
clients see nothing of this.
It shows as `non-sequential`: two clients each have added, and each has missed what the
other one added.
It needs no fault. In the end everything is there: only a model of what clients see
meanwhile tells it from a counter that is right.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, every, require, run
from nodes.sum_counter import SumCounter


INTERVAL_S = 0.1


class WriteBehindCounter(SumCounter):
    """Differs from the counter of sums in when it writes."""

    def start(self) -> None:
        """Begin with nothing to write."""
        super().start()
        self.unwritten = 0

    async def add(self, message: Message) -> Body:
        """Note what is to be added."""
        self.unwritten += require(message["body"], "delta", int)
        return {"type": "add_ok"}

    @every(INTERVAL_S)
    async def write(self) -> None:
        """Add to the store what was noted, and count it here until it is there."""
        delta = self.unwritten
        if delta:
            await super().add({"body": {"delta": delta}})
            self.unwritten -= delta

    async def read(self, message: Message) -> Body:
        """Return what the store shows, and what is not there yet."""
        reply = await super().read(message)
        return {**reply, "value": reply["value"] + self.unwritten}


if __name__ == "__main__":
    run(WriteBehindCounter)
