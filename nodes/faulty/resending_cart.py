"""A cart that adds what it is told, as often as it is told.

The bug: an update is sent until it is acknowledged, and what arrives again, because the
acknowledgement was lost, is added again.
It shows as `doubled-quantity`.
It needs *loss* of messages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nodes.faulty._carts import ResentCart
from nodes.runtime import Body, Message, RpcError, handler, run
from nodes.shopping_cart import ShoppingCartNode


if TYPE_CHECKING:
    from nodes.crdt import ShoppingCart


class ResendingCart(ShoppingCartNode):
    """Differs from the cart in that it sends updates, and not states."""

    kind = ResentCart

    def share(self, delta: ShoppingCart) -> None:
        """Take an update, and tell all peers until they say that they have it."""
        self.learn(delta)
        for peer in self.peers:
            self.spawn(self._tell(peer, {"type": "update", "state": delta.encode()}))

    async def _tell(self, peer: str, body: Body) -> None:
        while True:
            try:
                await self.rpc(peer, body, timeout_s=0.2)
            except RpcError:
                continue
            return

    @handler("update")
    def take(self, message: Message) -> Body:
        """Take an update for a new one."""
        self.learn(self.decode(message["body"]))
        return {"type": "update_ok"}

    def gossip(self) -> None:
        """Leave it at that."""


if __name__ == "__main__":
    run(ResendingCart)
