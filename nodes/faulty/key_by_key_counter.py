"""A counter that sums the keys of all nodes, and reads one after the other.

The bug: the sum is of no single moment. One read sees an add on `n1` and not yet that
on `n2`, another the other way round, so that there is no order of the two.
It shows as `long-fork`, or as another sign that the adds have no order.
It needs no fault. Each key is as strong as a key can be, and all nodes converge; it is
only wrong where all clients are to see one order.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, run
from nodes.sum_counter import SumCounter


class KeyByKeyCounter(SumCounter):
    """Differs from the counter of sums in how much time its reads take."""

    async def read(self, _: Message) -> Body:
        """Sum what all nodes have added, in an order of its own."""
        names = self.rng.sample(self.node_ids, len(self.node_ids))
        async with self.turn:
            totals = [await self.kv.read(name, default=0) for name in names]
        return {"type": "read_ok", "value": sum(totals)}


if __name__ == "__main__":
    run(KeyByKeyCounter)
