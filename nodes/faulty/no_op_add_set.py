"""An OR-Set that does nothing for an element that it has.

The bug: an add of an element that is there gets no tag. "It is there already."
It shows as `lost-add`: a remove elsewhere, which has seen the first add only, takes it
away, and the second one, which it has not seen, with it.
It needs a *partition*, on one side of which an element is removed and on the other added
again.
"""

from __future__ import annotations

from nodes.crdt import ORSet
from nodes.or_set import ORSetNode
from nodes.runtime import Body, run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class NoOpAddSet(ORSetNode):
    """Differs from the OR-Set in when an add gets a tag."""

    def adding(self, element: Any) -> tuple[ORSet, Body]:
        """Add what is not there."""
        return (
            super().adding(element) if not self.state.tags(element) else (ORSet(), {})
        )


if __name__ == "__main__":
    run(NoOpAddSet)
