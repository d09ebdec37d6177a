"""A text whose nodes number characters without regard to those of others.

The bug: Lamport's time does not go on when characters of others arrive. So what is
inserted after one that another node was quicker to number passes for older than what
stands there.
It shows as `intention-violation`: it lands behind what it was inserted before.
It needs no fault, only nodes of which one writes more than another.
"""

from __future__ import annotations

from nodes.crdt import RGA
from nodes.crdt.dots import dot, split
from nodes.rga import RGANode
from nodes.runtime import run


class OwnClock(RGA):
    """Differs in the time of what is inserted."""

    __slots__ = ()

    def insert(self, actor: str, position: int, char: str) -> RGA:
        """Return the delta that puts a character before the one at a position."""
        (insertion,) = super().insert(actor, position, char).inserted.values()
        times = [split(name)[0] for name in self.inserted if split(name)[1] == actor]
        return RGA({dot(max(times, default=0) + 1, actor): insertion})


class OwnClockTreeRGA(RGANode):
    """Differs from the text that is right in its type."""

    kind = OwnClock


if __name__ == "__main__":
    run(OwnClockTreeRGA)
