"""A counter that only grows: one slot a node, written by that node alone."""

from __future__ import annotations


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class GCounter:
    """How much each node has added; the value is the sum.

    Immutable: an update returns a new counter. A slot that is zero and one that is
    missing mean the same.

    >>> GCounter().add("n1", 3).merge(GCounter().add("n2", 4)).value
    7
    """

    __slots__ = ("slots",)

    def __init__(self, slots: Mapping[str, int] | None = None) -> None:
        self.slots: Mapping[str, int] = dict(slots or {})

    @classmethod
    def decode(cls, data: Any) -> GCounter:
        """Read what `encode` returned; ValueError for anything else."""
        if not isinstance(data, dict) or not all(map(_is_count, data.values())):
            raise ValueError(f"a G-Counter is an object of counts >= 0, not {data!r}")
        return cls(data)

    def encode(self) -> dict[str, int]:
        """Return the counter as JSON data."""
        return dict(self.slots)

    @property
    def value(self) -> int:
        """What all nodes have added."""
        return sum(self.slots.values())

    def add(self, node_id: str, amount: int) -> GCounter:
        """Count an amount, not below zero, in the slot of the node that adds it."""
        if not _is_count(amount):
            raise ValueError(f"a G-Counter grows by whole numbers >= 0, not {amount!r}")
        return GCounter({**self.slots, node_id: self.slots.get(node_id, 0) + amount})

    def merge(self, other: GCounter) -> GCounter:
        """Return the least counter that has seen what either has seen.

        Slot by slot it is the greater count, and not the sum: a slot only ever grows,
        so the greater is the newer, and hearing of it twice changes nothing.
        """
        slots = dict(self.slots)
        for node_id, count in other.slots.items():
            slots[node_id] = max(count, slots.get(node_id, 0))
        return GCounter(slots)

    def __le__(self, other: GCounter) -> bool:
        """Tell whether the other has seen everything that this one has."""
        return all(
            count <= other.slots.get(node_id, 0)
            for node_id, count in self.slots.items()
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GCounter) and self <= other <= self

    def __hash__(self) -> int:
        return hash(frozenset(item for item in self.slots.items() if item[1]))

    def __repr__(self) -> str:
        return f"GCounter({self.slots!r})"


def _is_count(amount: object) -> bool:
    return type(amount) is int and amount >= 0
