"""A cart that lists what is no longer in it.

The bug: until the next tick, an item that was taken out stays in the list, with the
quantity 0.
It shows as `malformed-view`.
It needs no fault. In the end everything is right.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, every, run
from nodes.shopping_cart import ShoppingCartNode


INTERVAL_S = 0.1


class EmptyLineCart(ShoppingCartNode):
    """Differs from the cart in what it shows of what is gone."""

    def start(self) -> None:
        """Begin with no empty lines."""
        super().start()
        self.close_up()

    @every(INTERVAL_S)
    def close_up(self) -> None:
        """Take the empty lines out."""
        self.taken: set[str] = set()

    def remove(self, message: Message) -> Body:
        """Remove an item, and leave its line."""
        self.taken.add(message["body"]["item"])
        return super().remove(message)

    def view(self, message: Message) -> Body:
        """Return the items, and lines of what was just taken out."""
        items = super().view(message)["items"]
        gone = self.taken.difference(one["item"] for one in items)
        items += [{"item": item, "qty": 0} for item in sorted(gone)]
        return {"type": "cart_view_ok", "items": items, "total_items": len(items)}


if __name__ == "__main__":
    run(EmptyLineCart)
