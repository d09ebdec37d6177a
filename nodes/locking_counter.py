"""A counter behind a lock: take it, read, write, give it back.

Nobody else writes meanwhile, so nothing gets lost and nothing is tried again. The price
is that one who is cut off with the lock in hand holds up everybody.
"""

from __future__ import annotations

from nodes.errors import RpcError, RpcTimeout
from nodes.kv import KV
from nodes.runtime import Body, Message, Node, handler, require, run


KEY, LOCK, FREE = "counter", "lock", ""
PAUSE_S = 0.01


class LockingCounter(Node):
    """Keeps number and lock in `lin-kv`, the lock under the name of who has it."""

    def start(self) -> None:
        """Begin without asking: a number that nobody has written is zero."""
        self.kv = KV(self, "lin-kv")
        self.turn = self.mutex()

    @handler("add")
    async def add(self, message: Message) -> Body:
        """Add while nobody else can.

        What got no answer may have happened: the client is told that nobody knows.
        The lock is given back all the same, however long that takes.
        """
        delta = require(message["body"], "delta", int)
        async with self.turn:
            await self.acquire()
            try:
                value = await self.kv.read(KEY, default=0)
                await self.kv.write(KEY, value + delta)
            except RpcError:
                await self.release()
                raise
            await self.release()
        return {"type": "add_ok"}

    async def acquire(self) -> None:
        """Wait for the lock. One that may have been taken is given back."""
        try:
            while not await self.kv.cas(LOCK, FREE, self.node_id):
                await self.sleep(self.rng.uniform(0, PAUSE_S))
        except RpcTimeout:
            await self.release()
            raise

    async def release(self) -> None:
        """Give the lock back, which only its owner does; it may not have it."""
        while True:
            try:
                await self.kv.cas(LOCK, self.node_id, FREE)
            except RpcTimeout:
                continue
            except RpcError:
                await self.sleep(self.rng.uniform(0, PAUSE_S))
                continue
            return

    @handler("read")
    async def read(self, _: Message) -> Body:
        """Return the number that the store has, lock or no lock."""
        return {"type": "read_ok", "value": await self.kv.read(KEY, default=0)}


if __name__ == "__main__":
    run(LockingCounter)
