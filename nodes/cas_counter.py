"""A counter by compare-and-swap: write the sum only if nobody else has written.

No update gets lost: a swap happens on the newest state of `seq-kv`, and only if the
number there is still the one that was read. A read, though, may return a number of
the past, even the last read of all. That is legal on a sequentially consistent store,
and no error of this node; `fresh_cas_counter` shows what it takes to do better.
"""

from __future__ import annotations

from nodes.kv import KV
from nodes.runtime import Body, Message, Node, handler, require, run


KEY = "counter"
PAUSE_S = 0.01


class CasCounter(Node):
    """Keeps the number in `seq-kv`, and tries again when another node was faster."""

    def start(self) -> None:
        """Begin without asking: a number that nobody has written is zero."""
        self.kv = KV(self, "seq-kv")
        self.turn = self.mutex()

    @handler("add")
    async def add(self, message: Message) -> Body:
        """Read and swap until the swap succeeds.

        A swap that failed has surely not happened, so the next try adds nothing
        twice. A swap without an answer is not tried again, because it may have
        happened: the client is told that nobody knows.
        """
        delta = require(message["body"], "delta", int)
        async with self.turn:
            value = await self.kv.read(KEY, default=0)
            while not await self.swap(value, value + delta):
                # Others are at it: a random pause lets one of them finish. It may
                # also have been a stale read, and the next one sees more.
                await self.sleep(self.rng.uniform(0, PAUSE_S))
                value = await self.kv.read(KEY, default=0)
        return {"type": "add_ok"}

    async def swap(self, old: int, new: int) -> bool:
        """Write the new number if the old one is still there; tell whether it was."""
        return await self.kv.cas(KEY, old, new)

    @handler("read")
    async def read(self, _: Message) -> Body:
        """Return a number that was right at some time, but maybe is no longer."""
        async with self.turn:
            return {"type": "read_ok", "value": await self.kv.read(KEY, default=0)}


if __name__ == "__main__":
    run(CasCounter)
