"""A counter that goes up and down: one G-Counter of each direction."""

from __future__ import annotations

from .g_counter import GCounter


class PNCounter:
    """What each node has added, and what each has taken away; the value is the rest.

    Immutable. A decrement can't be a smaller count in one G-Counter, because a merge
    keeps the greater count and so undoes it. As growth of a second counter it stays.

    >>> PNCounter().add("n1", 3).add("n1", -5).value
    -2
    """

    __slots__ = ("negative", "positive")

    def __init__(
        self, positive: GCounter | None = None, negative: GCounter | None = None
    ) -> None:
        self.positive = positive or GCounter()
        self.negative = negative or GCounter()

    @property
    def value(self) -> int:
        """What was added minus what was taken away."""
        return self.positive.value - self.negative.value

    def add(self, node_id: str, delta: int) -> PNCounter:
        """Count a whole number of either sign for the node that adds it."""
        if delta < 0:
            return PNCounter(self.positive, self.negative.add(node_id, -delta))
        return PNCounter(self.positive.add(node_id, delta), self.negative)

    def merge(self, other: PNCounter) -> PNCounter:
        """Return the least counter that has seen what either has seen: both halves."""
        return PNCounter(
            self.positive.merge(other.positive), self.negative.merge(other.negative)
        )

    def __le__(self, other: PNCounter) -> bool:
        """Tell whether the other has seen everything that this one has."""
        return self.positive <= other.positive and self.negative <= other.negative

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PNCounter) and self <= other <= self

    def __hash__(self) -> int:
        return hash((self.positive, self.negative))

    def __repr__(self) -> str:
        return f"PNCounter({self.positive!r}, {self.negative!r})"
