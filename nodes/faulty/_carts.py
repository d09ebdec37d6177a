"""Carts that keep too little of what was put into them, and what was taken out."""

from __future__ import annotations

from nodes.crdt import ORSet, ShoppingCart
from nodes.crdt.dots import split
from nodes.crdt.g_set import identity
from nodes.crdt.lww_register import LWWRegister
from nodes.crdt.register_map import RegisterMap


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class UnionCart(ShoppingCart):
    """A cart without tombstones: a merge has what either version has."""

    __slots__ = ()

    def merge(self, other: ShoppingCart) -> UnionCart:
        """Put the two together, but for what a delta takes out this very moment."""
        live = {**self.lines.live, **other.lines.live}
        return UnionCart(ORSet(ORSet(live, other.lines.removed).live))


class BalanceCart(ShoppingCart):
    """A cart of amounts put in and taken out; what an item comes to is its quantity."""

    __slots__ = ()

    @classmethod
    def decode(cls, data: Any) -> BalanceCart:
        """Read what `encode` returned; amounts may be negative."""
        return cls(ORSet.decode(data))

    @property
    def items(self) -> list[tuple[Any, int]]:
        """The items that do not come to nothing."""
        return [(item, quantity) for item, quantity in super().items if quantity]

    def book(self, tag: str, item: Any, amount: int) -> BalanceCart:
        """Return the delta of an amount put in, or taken out if it is negative."""
        return BalanceCart(ORSet({tag: [item, amount]}))

    def merge(self, other: ShoppingCart) -> BalanceCart:
        """Return the cart of all bookings."""
        return BalanceCart(self.lines.merge(other.lines))


class ResentCart(ShoppingCart):
    """A cart that takes every delta for news."""

    __slots__ = ()

    def merge(self, other: ShoppingCart) -> ResentCart:
        """Add up the quantities that come under one tag."""
        live = {**self.lines.live, **other.lines.live}
        for tag in self.lines.live.keys() & other.lines.live.keys():
            item, quantity = self.lines.live[tag]
            live[tag] = [item, quantity + other.lines.live[tag][1]]
        return ResentCart(ORSet(live, self.lines.removed | other.lines.removed))

    def __le__(self, _: ShoppingCart) -> bool:
        return False


class LastQuantityCart(RegisterMap):
    """A cart with a last-writer-wins register of the quantity of each item."""

    __slots__ = ()

    kind = LWWRegister

    @property
    def items(self) -> list[tuple[Any, int]]:
        """The items of which there are any."""
        values = [self.registers[key].value for key in sorted(self.registers)]
        return [(item, quantity) for item, quantity in values if quantity]

    def add(self, tag: str, item: Any, quantity: int) -> LastQuantityCart:
        """Return the delta that has so much more of an item than is here."""
        held = self.get(identity(item)).value or [item, 0]
        return self.set(tag, item, held[1] + quantity)

    def set(self, tag: str, item: Any, quantity: int) -> LastQuantityCart:
        """Return the delta that has a quantity of an item, whatever is here."""
        key = identity(item)
        written = self.get(key).write(split(tag)[1], [item, quantity], 0)
        return self.put(key, written)


class GreatestQuantityCart:
    """A cart that keeps the greater of two quantities of an item."""

    __slots__ = ("quantities",)

    def __init__(self, quantities: Any = ()) -> None:
        self.quantities: dict[str, int] = dict(quantities)

    @classmethod
    def decode(cls, data: Any) -> GreatestQuantityCart:
        """Read what `encode` returned."""
        return cls(data)

    def encode(self) -> dict[str, int]:
        """Return the quantities by items, which are texts."""
        return self.quantities

    @property
    def items(self) -> list[tuple[Any, int]]:
        """The items with their quantities."""
        return sorted(self.quantities.items())

    def add(self, _: str, item: Any, quantity: int) -> GreatestQuantityCart:
        """Return the delta that has so much more of an item than is here."""
        return GreatestQuantityCart({item: self.quantities.get(item, 0) + quantity})

    def without(self, item: Any) -> GreatestQuantityCart:
        """Return the cart with nothing of an item."""
        return GreatestQuantityCart(
            {other: held for other, held in self.quantities.items() if other != item}
        )

    def merge(self, other: GreatestQuantityCart) -> GreatestQuantityCart:
        """Keep the greater quantity of each item."""
        merged = dict(self.quantities)
        for item, quantity in other.quantities.items():
            merged[item] = max(quantity, merged.get(item, 0))
        return GreatestQuantityCart(merged)

    def __le__(self, other: GreatestQuantityCart) -> bool:
        return all(
            quantity <= other.quantities.get(item, 0)
            for item, quantity in self.quantities.items()
        )
