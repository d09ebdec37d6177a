"""The shopping cart: an OR-Set of quantities, each added under a tag of its own."""

from __future__ import annotations

from .g_set import identity
from .or_set import ORSet


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class ShoppingCart:
    """Items with quantities, which are the sums of adds that nobody has removed.

    A remove of an item takes back the adds that it has seen. What was added at the
    same time elsewhere stays, and adds at the same time both count. Immutable; `add`
    and `remove` return deltas: carts that hold just what is new, to be merged.

    >>> cart = ShoppingCart().add("1-n1", "milk", 2)
    >>> there = cart.merge(cart.add("1-n2", "milk", 3))
    >>> there.items, there.merge(cart.remove("milk")).items
    ([('milk', 5)], [('milk', 3)])
    """

    __slots__ = ("lines",)

    def __init__(self, lines: ORSet | None = None) -> None:
        self.lines = lines or ORSet()

    @classmethod
    def decode(cls, data: Any) -> ShoppingCart:
        """Read what `encode` returned; ValueError for anything else."""
        lines = ORSet.decode(data)
        if not all(map(_is_line, lines.live.values())):
            raise ValueError(f"a cart has [item, quantity > 0] by tags, not {data!r}")
        return cls(lines)

    def encode(self) -> dict[str, Any]:
        """Return the cart as JSON data: an OR-Set of pairs of item and quantity."""
        return self.lines.encode()

    @property
    def items(self) -> list[tuple[Any, int]]:
        """The items with their quantities, in an order that depends on nothing else."""
        items: dict[str, tuple[Any, int]] = {}
        for item, quantity in self.lines.live.values():
            key = identity(item)
            items[key] = (item, quantity + (items[key][1] if key in items else 0))
        return [items[key] for key in sorted(items)]

    def add(self, tag: str, item: Any, quantity: int) -> ShoppingCart:
        """Return the delta of an add, under a tag that was never used before."""
        if not _is_line([item, quantity]):
            raise ValueError(f"a quantity is a whole number > 0, not {quantity!r}")
        return ShoppingCart(self.lines.add(tag, [item, quantity]))

    def remove(self, item: Any) -> ShoppingCart:
        """Return the delta that takes back the adds of an item seen here, no others."""
        key = identity(item)
        lines = self.lines.live.items()
        return ShoppingCart(
            ORSet({}, [tag for tag, line in lines if identity(line[0]) == key])
        )

    def merge(self, other: ShoppingCart) -> ShoppingCart:
        """Return the least cart that has seen what either has seen."""
        return ShoppingCart(self.lines.merge(other.lines))

    def __le__(self, other: ShoppingCart) -> bool:
        """Tell whether the other has seen all adds and removes that this one has."""
        return self.lines <= other.lines

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ShoppingCart) and self.lines == other.lines

    def __hash__(self) -> int:
        return hash(self.lines)

    def __repr__(self) -> str:
        return f"ShoppingCart({self.lines!r})"


def _is_line(line: Any) -> bool:
    if not isinstance(line, list) or len(line) != 2:
        return False
    return type(line[1]) is int and line[1] > 0
