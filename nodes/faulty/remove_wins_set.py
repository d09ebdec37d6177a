"""A set in which a remove wins over an add at the same time.

The bug: removes have the tags, and an add takes back those removes that it has seen.
It shows as `lost-add`: a remove hides an add that it knew nothing of.
It needs a *partition*, on the two sides of which the same element is added and removed.
"""

from __future__ import annotations

from nodes.crdt.dots import dot
from nodes.faulty._sets import RemoveWins
from nodes.or_set import ORSetNode
from nodes.runtime import Body, run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any

    from nodes.crdt import ORSet


class RemoveWinsSet(ORSetNode):
    """Differs from the OR-Set in which of the two operations gets a tag that counts."""

    kind = RemoveWins
    state: RemoveWins

    def adding(self, element: Any) -> tuple[ORSet, Body]:
        """Add, and take back the removes that are known here."""
        return super().adding(element)[0], {}

    def removing(self, element: Any) -> tuple[ORSet, Body]:
        """Remove under a new tag."""
        self.count += 1
        return self.state.hide(dot(self.count, self.actor), element), {}


if __name__ == "__main__":
    run(RemoveWinsSet)
