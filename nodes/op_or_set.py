"""The OR-Set by operations: as `or_set` to look at, and nothing is kept of removals."""

from __future__ import annotations

from nodes.causal import CausalNode
from nodes.crdt.or_set import grouped, observed
from nodes.runtime import Body, Message, handler, require, run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class OpORSet(CausalNode):
    """A remove names the tags to take away, and comes after the adds that made them.

    Out of order it would take nothing away, and the add after it would stay for ever.
    """

    def begin(self) -> None:
        """Begin with no tags."""
        self.live: dict[str, Any] = {}

    def apply(self, name: str, operation: Any) -> None:
        """Add an element under a tag, or take tags away."""
        if "add" in operation:
            self.live[name] = operation["add"]
        for tag in operation.get("remove", []):
            self.live.pop(tag, None)

    @handler("or_set_add")
    def add(self, message: Message) -> Body:
        """Add an element under a new tag."""
        element = require(message["body"], "element", object)
        return {"type": "or_set_add_ok", "tag": self.issue({"add": element})}

    @handler("or_set_remove")
    def remove(self, message: Message) -> Body:
        """Remove the tags of an element that are known here."""
        tags = observed(self.live, require(message["body"], "element", object))
        if tags:
            self.issue({"remove": tags})
        return {"type": "or_set_remove_ok", "tags_removed": tags}

    @handler("or_set_read")
    def read(self, _: Message) -> Body:
        """Return the elements, as far as they are known here."""
        return {"type": "or_set_read_ok", "elements": grouped(self.live)}

    @handler("or_set_contains")
    def contains(self, message: Message) -> Body:
        """Tell whether a read would show an element."""
        tags = observed(self.live, require(message["body"], "element", object))
        return {"type": "or_set_contains_ok", "contains": bool(tags)}


if __name__ == "__main__":
    run(OpORSet)
