"""The requests that all sets with removal share: `or_set_add` and its siblings."""

from __future__ import annotations

from .crdt import identity
from .replica import Replica
from .runtime import Body, Message, handler, require


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class SetReplica(Replica):
    """Adds, removes and reads without waiting for anybody; elements are any JSON.

    A program says in `adding` and `removing` what a request does to its set.
    """

    def adding(self, element: Any) -> tuple[Any, Body]:
        """Return the delta of an add, and fields of the reply."""
        raise NotImplementedError

    def removing(self, element: Any) -> tuple[Any, Body]:
        """Return the delta of a remove, and fields of the reply."""
        raise NotImplementedError

    @handler("or_set_add")
    def add(self, message: Message) -> Body:
        """Add an element."""
        delta, fields = self.adding(require(message["body"], "element", object))
        self.share(delta)
        return {"type": "or_set_add_ok", **fields}

    @handler("or_set_remove")
    def remove(self, message: Message) -> Body:
        """Remove an element, as far as its adds are known here."""
        delta, fields = self.removing(require(message["body"], "element", object))
        self.share(delta)
        return {"type": "or_set_remove_ok", **fields}

    @handler("or_set_read")
    def read(self, _: Message) -> Body:
        """Return the elements, as far as they are known here."""
        return {"type": "or_set_read_ok", "elements": self.elements()}

    @handler("or_set_contains")
    def contains(self, message: Message) -> Body:
        """Tell whether a read would show an element."""
        key = identity(require(message["body"], "element", object))
        found = key in map(identity, self.elements())
        return {"type": "or_set_contains_ok", "contains": found}

    def elements(self) -> list[Any]:
        """Return the elements that are in the set here."""
        elements: list[Any] = self.state.elements  # type: ignore[attr-defined]  # a set
        return elements
