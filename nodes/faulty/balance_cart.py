"""A cart that takes an item out by putting in less than nothing of it.

The bug: a remove adds the quantity that it sees, with a minus. Two removes that see the
same take it out twice.
It shows as `lost-quantity`: other adds of the item make up for it; or, if there are none,
as `negative-quantity`.
It needs a *partition*, on both sides of which the same item is removed.
"""

from __future__ import annotations

from nodes.crdt.dots import dot
from nodes.faulty._carts import BalanceCart
from nodes.runtime import Body, Message, require, run
from nodes.shopping_cart import ShoppingCartNode


class BalanceCartNode(ShoppingCartNode):
    """Differs from the cart in what a remove is."""

    kind = BalanceCart
    state: BalanceCart

    def remove(self, message: Message) -> Body:
        """Put in the opposite of what there is."""
        item = require(message["body"], "item", str)
        held = dict(self.state.items).get(item)
        if held:
            self.count += 1
            self.share(self.state.book(dot(self.count, self.actor), item, -held))
        return {"type": "cart_remove_ok"}


if __name__ == "__main__":
    run(BalanceCartNode)
