"""A cart in which the last writer of a quantity wins.

The bug: an add writes the quantity that it makes, as a register, and a remove writes 0.
It shows as `lost-quantity`: of two adds on two nodes one is overwritten; or as
`resurrected-quantity`, if an add with more luck had not seen a remove.
It needs a *partition*, on both sides of which something happens to the same item.
"""

from __future__ import annotations

from nodes.crdt.dots import dot
from nodes.faulty._carts import LastQuantityCart
from nodes.runtime import Body, Message, require, run
from nodes.shopping_cart import ShoppingCartNode


class LastQuantityCartNode(ShoppingCartNode):
    """Differs from the cart in that it has a register for each item."""

    kind = LastQuantityCart  # type: ignore[assignment]  # it is no OR-Set inside
    state: LastQuantityCart  # type: ignore[assignment]  # nor outside

    def count_tags(self) -> int:
        """Return 0: tags tell nothing but the node."""
        return 0

    def remove(self, message: Message) -> Body:
        """Write that there is nothing of an item."""
        item = require(message["body"], "item", object)
        self.share(self.state.set(dot(1, self.actor), item, 0))
        return {"type": "cart_remove_ok"}


if __name__ == "__main__":
    run(LastQuantityCartNode)
