"""A counter whose slots carry the time of their last write."""

from __future__ import annotations

from nodes.crdt import GCounter


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class StampedCounter(GCounter):
    """A G-Counter in which the newest write of a slot wins, and not the greatest count.

    It is the same as long as every write of a slot has a later time than the one before.
    """

    __slots__ = ("stamps",)

    def __init__(
        self,
        slots: Mapping[str, int] | None = None,
        stamps: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__(slots)
        self.stamps: Mapping[str, int] = dict(stamps or {})

    def write(self, node_id: str, amount: int, time_ns: int) -> StampedCounter:
        """Count an amount in the slot of a node at a time."""
        slots = self.add(node_id, amount).slots
        return StampedCounter(slots, {**self.stamps, node_id: time_ns})

    def merge(self, other: Any) -> StampedCounter:
        """Take each slot from where it was written last."""
        slots, stamps = dict(self.slots), dict(self.stamps)
        for node_id, time_ns in other.stamps.items():
            if time_ns > stamps.get(node_id, -1):
                slots[node_id], stamps[node_id] = other.slots[node_id], time_ns
        return StampedCounter(slots, stamps)

    def __le__(self, other: Any) -> bool:
        return all(
            time_ns <= other.stamps.get(node_id, -1)
            for node_id, time_ns in self.stamps.items()
        )
