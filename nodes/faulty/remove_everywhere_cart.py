"""A cart that takes an item out wherever it is told to.

The bug: a remove is told to all nodes, each of which takes out what it has of the item,
also adds that the node where it was removed has never seen.
It shows as `lost-quantity`.
It needs a *partition*, on the two sides of which an item is put in and taken out.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, RpcError, handler, run
from nodes.shopping_cart import ShoppingCartNode


class RemoveEverywhereCart(ShoppingCartNode):
    """Differs from the cart in where a remove looks for adds."""

    def remove(self, message: Message) -> Body:
        """Remove an item here, and see to it that others do so, too."""
        for peer in self.peers:
            order = {"type": "take_out", "item": message["body"]["item"]}
            self.spawn(self._tell(peer, order))
        return super().remove(message)

    async def _tell(self, peer: str, order: Body) -> None:
        while True:
            try:
                await self.rpc(peer, order, timeout_s=0.2)
            except RpcError:
                continue
            return

    @handler("take_out")
    def take_out(self, message: Message) -> Body:
        """Remove an item, as far as it is known here."""
        self.share(self.state.remove(message["body"]["item"]))
        return {"type": "take_out_ok"}


if __name__ == "__main__":
    run(RemoveEverywhereCart)
