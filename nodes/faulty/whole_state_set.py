"""An OR-Set in which of two states the one with more updates in it replaces the other.

The bug: what a peer has is not merged with what is here. It is taken, or not.
It shows as `lost-add`: the state with fewer updates had some that the other had not; or
as `resurrected-element`, if these were removes.
It needs a *partition*, on both sides of which there are updates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nodes.or_set import ORSetNode
from nodes.runtime import Message, run


if TYPE_CHECKING:
    from nodes.crdt import ORSet


class WholeStateSet(ORSetNode):
    """Differs from the OR-Set in what becomes of a peer's state."""

    def replicate(self, message: Message) -> None:
        """Take a state that has more in it than the own one."""
        theirs = self.decode(message["body"])
        if _updates(theirs) > _updates(self.state):
            self._change(theirs)


def _updates(state: ORSet) -> int:
    return len(state.live) + 2 * len(state.removed)


if __name__ == "__main__":
    run(WholeStateSet)
