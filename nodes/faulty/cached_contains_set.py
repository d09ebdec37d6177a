"""An OR-Set that answers whether it contains an element from a cache.

The bug: the cache is made anew twice a second, and not when something changes.
It shows as `contains-mismatch`: the node has acknowledged an add, which no remove can
have seen, and says that it does not contain the element.
It needs no fault.
"""

from __future__ import annotations

from nodes.crdt import identity
from nodes.or_set import ORSetNode
from nodes.runtime import Body, Message, every, require, run


class CachedContainsSet(ORSetNode):
    """Differs from the OR-Set in what it looks up."""

    def start(self) -> None:
        """Begin with a fresh cache."""
        super().start()
        self.refresh()

    @every(0.5)
    def refresh(self) -> None:
        """Take note of what is there."""
        self.cache = frozenset(map(identity, self.elements()))

    def contains(self, message: Message) -> Body:
        """Look an element up in the cache."""
        found = identity(require(message["body"], "element", object)) in self.cache
        return {"type": "or_set_contains_ok", "contains": found}


if __name__ == "__main__":
    run(CachedContainsSet)
