"""A cart that has the delivery among the goods.

The bug: the line that is to be added to the bill is added to the view of the cart.
It shows as `phantom-quantity`: nobody has put that in.
It needs no fault.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, run
from nodes.shopping_cart import ShoppingCartNode


class DeliveryCart(ShoppingCartNode):
    """Differs from the cart in what it shows besides the goods."""

    def view(self, message: Message) -> Body:
        """Return the items, and the delivery if there are any."""
        items = super().view(message)["items"]
        if items:
            items.append({"item": "delivery", "qty": 1})
        return {"type": "cart_view_ok", "items": items, "total_items": len(items)}


if __name__ == "__main__":
    run(DeliveryCart)
