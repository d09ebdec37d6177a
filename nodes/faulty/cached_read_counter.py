"""A counter that reads from a cache.

The bug: reads return what the sum was at the last tick, also to who has added since.
It shows as `read-your-writes`.
It needs no fault. In the end everything is there: only a model of what clients see
meanwhile tells it from a counter that is right.
"""

from __future__ import annotations

from nodes.g_counter import GCounterNode
from nodes.runtime import Body, Message, every, run


INTERVAL_S = 0.2


class CachedReadCounter(GCounterNode):
    """Differs from the G-Counter in how old its reads are."""

    def start(self) -> None:
        """Begin with what is on disk in the cache."""
        super().start()
        self.refresh()

    @every(INTERVAL_S)
    def refresh(self) -> None:
        """Put the sum into the cache."""
        self.cached = self.state.value

    def read(self, _: Message) -> Body:
        """Return what is in the cache."""
        return {"type": "read_ok", "value": self.cached}


if __name__ == "__main__":
    run(CachedReadCounter)
