"""The LWW element set: the later of an add and a remove stays, by the nodes' clocks."""

from __future__ import annotations

from nodes.crdt import LWWElementSet
from nodes.runtime import Body, run
from nodes.set_replica import SetReplica


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class LWWSetNode(SetReplica):
    """Of an add and a remove at the same time either may win; no tags.

    That is what it promises. Taken for an OR-Set it loses adds. An update is later
    than all that its node knows of the element, however wrong its clock is.
    """

    kind = LWWElementSet
    state: LWWElementSet

    def adding(self, element: Any) -> tuple[LWWElementSet, Body]:
        """Add, as of now."""
        return self.state.add(self.actor, element, self.clock_ns()), {}

    def removing(self, element: Any) -> tuple[LWWElementSet, Body]:
        """Remove, as of now."""
        return self.state.remove(self.actor, element, self.clock_ns()), {}


if __name__ == "__main__":
    run(LWWSetNode)
