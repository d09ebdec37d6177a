"""A shopping cart: an OR-Set of quantities, so that no added goods get lost."""

from __future__ import annotations

from nodes.crdt import ShoppingCart
from nodes.crdt.dots import dot
from nodes.errors import MALFORMED_REQUEST
from nodes.replica import Replica
from nodes.runtime import Body, Message, RpcError, handler, require, run


class ShoppingCartNode(Replica):
    """One cart on all nodes. A remove takes back those adds that its node knows."""

    kind = ShoppingCart
    state: ShoppingCart

    def start(self) -> None:
        """Count tags on from those on disk: one used twice would be born removed."""
        super().start()
        self.count = self.count_tags()

    def count_tags(self) -> int:
        """Return how many tags this node has given, as far as the disk can tell."""
        return self.state.lines.count(self.actor)

    @handler("cart_add")
    def add(self, message: Message) -> Body:
        """Add a quantity of an item; tell how many items the cart has now."""
        item = require(message["body"], "item", object)
        quantity = require(message["body"], "qty", int)
        if quantity <= 0:
            text = f"a quantity is a whole number > 0, not {quantity}"
            raise RpcError(MALFORMED_REQUEST, text)
        self.count += 1
        self.share(self.state.add(dot(self.count, self.actor), item, quantity))
        return {"type": "cart_add_ok", "cart_size": len(self.state.items)}

    @handler("cart_remove")
    def remove(self, message: Message) -> Body:
        """Remove an item with all quantities of it that are known here."""
        self.share(self.state.remove(require(message["body"], "item", object)))
        return {"type": "cart_remove_ok"}

    @handler("cart_view")
    def view(self, _: Message) -> Body:
        """Return the items, each once, and how many there are."""
        items = [{"item": item, "qty": quantity} for item, quantity in self.state.items]
        return {"type": "cart_view_ok", "items": items, "total_items": len(items)}


if __name__ == "__main__":
    run(ShoppingCartNode)
