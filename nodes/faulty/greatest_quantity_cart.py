"""A cart that keeps the greater of two quantities.

The bug: an item has one quantity, and of two the greater one must be newer.
It shows as `resurrected-quantity`, as nothing is less than anything; or as
`lost-quantity`: adds on two nodes are not added up.
It needs no fault.
"""

from __future__ import annotations

from nodes.faulty._carts import GreatestQuantityCart
from nodes.runtime import Body, Message, require, run
from nodes.shopping_cart import ShoppingCartNode


class GreatestQuantityCartNode(ShoppingCartNode):
    """Differs from the cart in that it has a number for each item."""

    kind = GreatestQuantityCart  # type: ignore[assignment]  # it is no OR-Set inside
    state: GreatestQuantityCart  # type: ignore[assignment]  # nor outside

    def count_tags(self) -> int:
        """Return 0: tags tell nothing."""
        return 0

    def remove(self, message: Message) -> Body:
        """Forget the quantity of an item."""
        self._change(self.state.without(require(message["body"], "item", str)))
        return {"type": "cart_remove_ok"}


if __name__ == "__main__":
    run(GreatestQuantityCartNode)
