"""A naive counter: read the shared number, add to it, write it back.

Two nodes that read the same number both write their own sum, and the second write
wipes out the first: a lost update. The store is not to blame, `lin-kv` is as strong
as a store can be. One client at a time gets the right number.
"""

from __future__ import annotations

from nodes.kv import KV
from nodes.runtime import Body, Message, Node, handler, require, run


KEY = "counter"


class LostUpdate(Node):
    """Keeps the number in a service, and does nothing against other nodes.

    Its own requests it serves one after the other, in the order of their arrival, so
    a single node loses nothing.
    """

    service = "lin-kv"

    def start(self) -> None:
        """Begin without asking: a number that nobody has written is zero."""
        self.kv = KV(self, self.service)
        self.turn = self.mutex()

    @handler("add")
    async def add(self, message: Message) -> Body:
        """Add in two steps, between which any other node may do the same."""
        delta = require(message["body"], "delta", int)
        async with self.turn:
            value = await self.kv.read(KEY, default=0)
            await self.kv.write(KEY, value + delta)
        return {"type": "add_ok"}

    @handler("read")
    async def read(self, _: Message) -> Body:
        """Return the number that the service has."""
        async with self.turn:
            return {"type": "read_ok", "value": await self.kv.read(KEY, default=0)}


if __name__ == "__main__":
    run(LostUpdate)
