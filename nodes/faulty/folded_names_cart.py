"""A cart that does not tell apple from Apple.

The bug: names are folded to small letters, so that customers need not care. Two items
whose names differ in nothing else are one in the cart, under a name that one of them
does not have.
It shows as `lost-quantity`; as `resurrected-quantity` or `doubled-quantity`, if the other
item has what this one lacks.
It needs no fault, but two such items.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, run
from nodes.shopping_cart import ShoppingCartNode


class FoldedNamesCart(ShoppingCartNode):
    """Differs from the cart in how it knows items."""

    def add(self, message: Message) -> Body:
        """Add a quantity of an item."""
        return super().add(_folded(message))

    def remove(self, message: Message) -> Body:
        """Remove an item."""
        return super().remove(_folded(message))


def _folded(message: Message) -> Message:
    body = message["body"]
    return {**message, "body": {**body, "item": body["item"].casefold()}}


if __name__ == "__main__":
    run(FoldedNamesCart)
