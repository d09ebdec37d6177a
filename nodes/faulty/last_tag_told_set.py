"""An OR-Set that tells the tag of the last add, and not that of the add.

The bug: the reply is made when the node has a moment to spare, and names the tag that
was given last. By then there may have been another add.
It shows as `tag-reuse`: two adds of an element are told one tag, though they have two.
It needs no fault.
"""

from __future__ import annotations

from nodes.crdt.dots import dot
from nodes.or_set import ORSetNode
from nodes.runtime import Body, Message, run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any

    from nodes.crdt import ORSet

PAUSE_S = 0.2


class LastTagToldSet(ORSetNode):
    """Differs from the OR-Set in what it tells of updates: tags too late, or none."""

    async def add(self, message: Message) -> Body:  # type: ignore[override]  # it waits
        """Add an element, and tell a tag."""
        reply = super().add(message)
        await self.sleep(PAUSE_S)
        return {**reply, "tag": dot(self.count, self.actor)}

    def removing(self, element: Any) -> tuple[ORSet, Body]:
        """Remove the tags that are known here, and tell none."""
        delta, _ = super().removing(element)
        return delta, {}


if __name__ == "__main__":
    run(LastTagToldSet)
