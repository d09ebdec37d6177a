"""A cart that shows twice what was just put in.

The bug: what is put in lies at the door until the next tick, and a view counts what is at
the door and what is in the cart, where it is too.
It shows as `doubled-quantity`, for as long as a tick takes.
It needs no fault. In the end everything is right.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, every, run
from nodes.shopping_cart import ShoppingCartNode


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from nodes.crdt import ShoppingCart

INTERVAL_S = 0.1


class CountedTwiceCart(ShoppingCartNode):
    """Differs from the cart in where it looks for goods."""

    def start(self) -> None:
        """Begin with nothing at the door."""
        super().start()
        self.carry_in()

    @every(INTERVAL_S)
    def carry_in(self) -> None:
        """Clear what is at the door."""
        self.at_door: set[str] = set()

    def share(self, delta: ShoppingCart) -> None:
        """Take an update, and leave at the door what is put in."""
        super().share(delta)
        self.at_door.update(delta.lines.live)

    def view(self, message: Message) -> Body:
        """Return the items, with what is at the door as well."""
        reply = super().view(message)
        lines = self.state.lines.live
        for tag in self.at_door & lines.keys():
            for one in reply["items"]:
                if one["item"] == lines[tag][0]:
                    one["qty"] += lines[tag][1]
        return reply


if __name__ == "__main__":
    run(CountedTwiceCart)
