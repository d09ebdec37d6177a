"""The mistakes that are made with carts."""

from __future__ import annotations

from ._faulty import Faulty


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Mapping

CART_BUGS: Mapping[str, Faulty] = {
    "balance-cart": Faulty(
        "shopping-cart",
        "partition",
        "lost-quantity",
        "Takes an item out by putting in less than nothing of it.",
        instead=("negative-quantity",),
        rate=200.0,
        runs=3,
    ),
    "counted-twice-cart": Faulty(
        "shopping-cart",
        "",
        "doubled-quantity",
        "Shows what was just put in where it was left and where it is.",
        runs=3,
    ),
    "delivery-cart": Faulty(
        "shopping-cart",
        "",
        "phantom-quantity",
        "Shows the delivery among the goods.",
        runs=3,
    ),
    "empty-line-cart": Faulty(
        "shopping-cart",
        "",
        "malformed-view",
        "Lists what was taken out with the quantity 0.",
        runs=3,
    ),
    "folded-names-cart": Faulty(
        "shopping-cart",
        "",
        "lost-quantity",
        "Takes items for the same whose names differ in capital letters.",
        instead=("resurrected-quantity", "doubled-quantity"),
        runs=5,
    ),
    "greatest-quantity-cart": Faulty(
        "shopping-cart",
        "",
        "resurrected-quantity",
        "Keeps the greater of two quantities.",
        instead=("lost-quantity",),
        runs=3,
    ),
    "last-quantity-cart": Faulty(
        "shopping-cart",
        "partition",
        "lost-quantity",
        "Lets the last writer of a quantity win.",
        instead=("resurrected-quantity",),
        runs=3,
    ),
    "receipt-cart": Faulty(
        "shopping-cart",
        "",
        "negative-quantity",
        "Shows what was just taken out as less than nothing.",
        runs=3,
    ),
    "remove-everywhere-cart": Faulty(
        "shopping-cart",
        "partition",
        "lost-quantity",
        "Takes out on every node what is there, though the remove had not seen it.",
        runs=3,
    ),
    "resending-cart": Faulty(
        "shopping-cart",
        "loss",
        "doubled-quantity",
        "Adds what it is told, as often as it is told.",
        runs=3,
    ),
    "total-size-cart": Faulty(
        "shopping-cart",
        "",
        "wrong-cart-size",
        "Tells who adds how much there is of all items, and not how many items.",
        runs=3,
    ),
    "union-cart": Faulty(
        "shopping-cart",
        "",
        "resurrected-quantity",
        "Puts in what a peer has, though it was taken out here.",
        runs=3,
    ),
}
"""Quantities tell which adds they are made of."""
