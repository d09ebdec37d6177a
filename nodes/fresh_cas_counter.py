"""The compare-and-swap counter with reads that are never stale.

`seq-kv` may answer a read from the past, but a write that changes something is made
on its newest state, and who made it never sees an older one again. So each read
first writes something that was never written before. The price is a second round
trip, and that reads stop when the store can't be written.
"""

from __future__ import annotations

from nodes.cas_counter import KEY, CasCounter
from nodes.runtime import Body, Message, handler, run


class FreshCasCounter(CasCounter):
    """Adds as its parent does, and catches up with the store before it reads."""

    def start(self) -> None:
        """Begin with no catching up done."""
        super().start()
        self._since_ns = self.now_ns
        self._times = 0

    @handler("read")
    async def read(self, _: Message) -> Body:
        """Return the number that is right at some instant during the request."""
        async with self.turn:
            await self._catch_up()
            return {"type": "read_ok", "value": await self.kv.read(KEY, default=0)}

    async def _catch_up(self) -> None:
        """Write a new value: one that is there already would change nothing."""
        self._times += 1
        # New after a restart, too.
        new = f"{self.epoch}-{self._since_ns}-{self._times}"
        await self.kv.write(f"seen-by-{self.node_id}", new)


if __name__ == "__main__":
    run(FreshCasCounter)
