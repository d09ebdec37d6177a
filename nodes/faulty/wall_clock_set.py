"""A set that believes its clocks.

The bug: the later of an add and a remove wins, and what is later is for the wall clock
of the node alone to say, though the node knows what it adds to.
It shows as `lost-add`: an add by a clock that is behind is older than a remove that its
node has seen, even to the node itself.
It needs a *clock* that is wrong.
"""

from __future__ import annotations

from nodes.crdt import LWWElementSet
from nodes.lww_set import LWWSetNode
from nodes.runtime import Body, run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class WallClockSet(LWWSetNode):
    """Differs from the LWW element set in that a write does not look at what it follows."""

    def adding(self, element: Any) -> tuple[LWWElementSet, Body]:
        """Add, as of now, as if nothing was there."""
        return LWWElementSet().add(self.actor, element, self.clock_ns()), {}

    def removing(self, element: Any) -> tuple[LWWElementSet, Body]:
        """Remove, as of now, as if nothing was there."""
        return LWWElementSet().remove(self.actor, element, self.clock_ns()), {}


if __name__ == "__main__":
    run(WallClockSet)
