"""A text that orders by time alone, as if no two could have the same.

The bug: characters that were inserted at one place, at equal Lamport times, stay in the
order in which they came; nobody asks for the names of their nodes.
It shows as `divergence`, and as `order-inversion` before: two texts have them in two orders.
It needs two that insert at one place at a time, most surely in a *partition*.
"""

from __future__ import annotations

from nodes.crdt import RGA
from nodes.crdt.dots import split
from nodes.rga import RGANode
from nodes.runtime import run


class ByTime(RGA):
    """Differs in what is newer of two that hang from one."""

    __slots__ = ()

    def by_age(self) -> list[str]:
        """Return all ids, by time, and then as they came."""
        return sorted(self.inserted, key=lambda name: split(name)[0])


class NoTieBreakRGA(RGANode):
    """Differs from the text that is right in its type."""

    kind = ByTime


if __name__ == "__main__":
    run(NoTieBreakRGA)
