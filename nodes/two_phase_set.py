"""The 2P-Set: what was removed once, anywhere, never comes back."""

from __future__ import annotations

from nodes.crdt import TwoPhaseSet
from nodes.runtime import Body, run
from nodes.set_replica import SetReplica


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class TwoPhaseSetNode(SetReplica):
    """A remove wins over adds at the same time and over all later ones; no tags.

    That is what it promises. Taken for an OR-Set it loses adds.
    """

    kind = TwoPhaseSet
    state: TwoPhaseSet

    def adding(self, element: Any) -> tuple[TwoPhaseSet, Body]:
        """Add; without effect if the element was removed before."""
        return self.state.add(element), {}

    def removing(self, element: Any) -> tuple[TwoPhaseSet, Body]:
        """Remove for ever; without effect if the element is not in here."""
        return self.state.remove(element), {}


if __name__ == "__main__":
    run(TwoPhaseSetNode)
