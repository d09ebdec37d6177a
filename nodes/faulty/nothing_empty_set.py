"""An OR-Set that takes an empty element for none.

The bug: the element is looked at as a condition, to find out whether there is one. The
empty text is no less an element than others.
It shows as `lost-add`: the add is acknowledged, and that is all.
It needs no fault, but an element that is empty.
"""

from __future__ import annotations

from nodes.or_set import ORSetNode
from nodes.runtime import Body, Message, run


class NothingEmptySet(ORSetNode):
    """Differs from the OR-Set in what it takes for an element."""

    def add(self, message: Message) -> Body:
        """Add an element, if there is one."""
        if not message["body"].get("element"):
            return {"type": "or_set_add_ok"}
        return super().add(message)


if __name__ == "__main__":
    run(NothingEmptySet)
