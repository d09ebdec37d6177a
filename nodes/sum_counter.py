"""A counter without contention: every node writes a key of its own in `seq-kv`.

Nobody else writes that key, so no update gets lost and no swap has to be repeated. A
read sums the keys of all nodes. Those of the others it may see as they were in the
past, and each at another time: the sum may be stale.
"""

from __future__ import annotations

from nodes.kv import KV
from nodes.runtime import Body, Message, Node, handler, require, run


class SumCounter(Node):
    """Keeps what was added here under its own name, and sums up over all names.

    It swaps where a plain write seems to do, because of writes that got no answer in
    time. Such a write may arrive after the next one, and then its older total would
    wipe out the newer. A swap that comes too late finds another total, and fails.
    """

    def start(self) -> None:
        """Begin with nothing added; a total from before a restart is found later."""
        self.kv = KV(self, "seq-kv")
        self.turn = self.mutex()
        self.total = 0

    @handler("add")
    async def add(self, message: Message) -> Body:
        """Put the new total in the place of the last one known."""
        delta = require(message["body"], "delta", int)
        async with self.turn:
            while not await self.kv.cas(self.node_id, self.total, self.total + delta):
                # After a restart, or a swap that took effect but was not answered.
                self.total = await self.kv.read(self.node_id, default=0)
            self.total += delta
        return {"type": "add_ok"}

    @handler("read")
    async def read(self, _: Message) -> Body:
        """Sum what all nodes have added, as far as the store shows it."""
        async with self.turn:
            totals = await self.kv.read_all(self.node_ids, default=0)
        return {"type": "read_ok", "value": sum(totals)}


if __name__ == "__main__":
    run(SumCounter)
