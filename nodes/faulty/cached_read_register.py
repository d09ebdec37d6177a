"""A register that reads from a cache.

The bug: reads return what was there at the last tick, also to who has written since.
It shows as `forgotten-write`: the node had acknowledged a write, and shows neither that
nor anything that replaced it.
It needs no fault. In the end everything is there.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, every, run
from nodes.vv_register import VVRegister


INTERVAL_S = 0.05


class CachedReadRegister(VVRegister):
    """Differs from the register with clocks in how old its reads are."""

    def start(self) -> None:
        """Begin with what is on disk in the cache."""
        super().start()
        self.refresh()

    @every(INTERVAL_S)
    def refresh(self) -> None:
        """Put what is known into the cache."""
        self.cached = self.state

    def read(self, message: Message) -> Body:
        """Return what is in the cache."""
        known, self.state = self.state, self.cached
        reply = super().read(message)
        self.state = known
        return reply


if __name__ == "__main__":
    run(CachedReadRegister)
