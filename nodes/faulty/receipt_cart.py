"""A cart that shows what was taken out as less than nothing.

The bug: until the next tick, a view has a line of what was taken out, as a receipt has, in
the place of an item that is gone.
It shows as `negative-quantity`, for as long as a tick takes.
It needs no fault. In the end everything is right.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, every, run
from nodes.shopping_cart import ShoppingCartNode


INTERVAL_S = 0.1


class ReceiptCart(ShoppingCartNode):
    """Differs from the cart in what it shows of what is gone."""

    def start(self) -> None:
        """Begin with nothing taken out."""
        super().start()
        self.print_anew()

    @every(INTERVAL_S)
    def print_anew(self) -> None:
        """Forget what was taken out."""
        self.taken: dict[str, int] = {}

    def remove(self, message: Message) -> Body:
        """Remove an item, and note how much there was."""
        self.taken |= self.state.items
        return super().remove(message)

    def view(self, message: Message) -> Body:
        """Return the items, and what was just taken out."""
        items = super().view(message)["items"]
        here = {one["item"] for one in items}
        items += [
            {"item": item, "qty": -quantity}
            for item, quantity in self.taken.items()
            if item not in here
        ]
        return {"type": "cart_view_ok", "items": items, "total_items": len(items)}


if __name__ == "__main__":
    run(ReceiptCart)
