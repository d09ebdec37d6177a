"""An OR-Set that tells others to remove an element, and not which adds of it.

The bug: a remove travels with the name of the element, and takes away whatever there is
of it where it arrives, also adds that it has never seen.
It shows as `divergence`: an add is gone where the remove comes after it and stays where
it comes before; or as `lost-add`, where it is gone from all.
It needs a *partition*, on the two sides of which the same element is added and removed.
"""

from __future__ import annotations

from nodes.crdt.or_set import observed
from nodes.op_or_set import OpORSet
from nodes.runtime import Body, Message, handler, require, run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class RemoveByNameSet(OpORSet):
    """Differs from the OR-Set by operations in what a remove names."""

    def apply(self, name: str, operation: Any) -> None:
        """Add an element under a tag, or take all tags of one away."""
        if "removed" in operation:
            tags = observed(self.live, operation["removed"])
            operation = {"remove": tags}
        super().apply(name, operation)

    @handler("or_set_remove")
    def remove(self, message: Message) -> Body:
        """Remove an element, whatever its tags."""
        element = require(message["body"], "element", object)
        tags = observed(self.live, element)
        if tags:
            self.issue({"removed": element})
        return {"type": "or_set_remove_ok", "tags_removed": tags}


if __name__ == "__main__":
    run(RemoveByNameSet)
