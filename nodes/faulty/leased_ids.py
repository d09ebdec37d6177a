"""Ids that are numbers, handed out by one node at a time: the one that has the lease.

Who gets the lease reads the last number that was handed out, and counts on from there;
nobody else does meanwhile. A lease ends when it is given back, a moment later, or when
others have seen it for a second: its holder may have been killed. Each number is in the
store before anybody has it.

The bug: as long as a node has not given its lease back, it takes it for its own. A
holder that was stopped meanwhile goes on from the number that it knows.
It shows as `duplicate-id`: the next holder has handed out those numbers.
It needs a *pause*, or a store so slow that the lease ends during a request. To look at
the time before each id would make it rarer, not right: the store has to refuse
what is written under an old lease, as a compare-and-swap does.
"""

from __future__ import annotations

from nodes.kv import KV
from nodes.runtime import Body, Message, Node, RpcError, handler, run


LAST, LEASE, FREE = "last", "lease", "free"
HOLD_S, PAUSE_S, LEASE_NS = 0.25, 0.02, 1_000_000_000


class LeasedIds(Node):
    """Differs from ids by compare-and-swap in who refuses to write."""

    def start(self) -> None:
        """Begin without a lease."""
        self.kv = KV(self, "lin-kv")
        self.turn = self.mutex()
        self.lease: str | None = None
        self.leases = 0

    @handler("generate")
    async def generate(self, _: Message) -> Body:
        """Return the next number, which is known here as long as there is a lease."""
        async with self.turn:
            if self.lease is None:
                lease = await self.acquire()
                self.last = int(await self.kv.read(LAST, default=0))
                self.lease = lease
                self.spawn(self.give_back())
            self.last += 1
            try:
                await self.kv.write(LAST, self.last)
            except RpcError:
                self.lease = None
                raise
            return {"type": "generate_ok", "id": self.last}

    async def acquire(self) -> str:
        """Wait until the lease is free, or has been seen for too long."""
        self.leases += 1
        mine = f"{self.node_id}-{self.epoch}-{self.leases}"
        seen, since_ns = FREE, self.now_ns
        while True:
            lease = await self.kv.read(LEASE, default=FREE)
            if lease != seen:
                seen, since_ns = lease, self.now_ns
            is_over = lease == FREE or self.now_ns - since_ns > LEASE_NS
            if is_over and await self.kv.cas(LEASE, lease, mine):
                return mine
            await self.sleep(self.rng.uniform(0, PAUSE_S))

    async def give_back(self) -> None:
        """Let others have the lease after a moment."""
        await self.sleep(HOLD_S)
        async with self.turn:
            lease, self.lease = self.lease, None
            if lease is not None:
                try:
                    await self.kv.cas(LEASE, lease, FREE)
                except RpcError:
                    return  # it ends by itself


if __name__ == "__main__":
    run(LeasedIds)
