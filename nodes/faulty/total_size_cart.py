"""A cart that counts pieces where it was asked for items.

The bug: an add is told the sum of all quantities as the size of the cart.
It shows as `wrong-cart-size`, as soon as there is more than one piece of an item.
It needs no fault. Views are right.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, run
from nodes.shopping_cart import ShoppingCartNode


class TotalSizeCart(ShoppingCartNode):
    """Differs from the cart in what it tells of its size."""

    def add(self, message: Message) -> Body:
        """Add a quantity of an item, and tell how many pieces there are."""
        reply = super().add(message)
        return {**reply, "cart_size": sum(qty for _, qty in self.state.items)}


if __name__ == "__main__":
    run(TotalSizeCart)
