"""The optimised OR-Set: adds win over concurrent removes, and there are no tombstones."""

from __future__ import annotations

from .dot_store import DotStore
from .or_set import grouped, observed


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class OptimisedORSet(DotStore):
    """A set of JSON values, each with the dots of the adds that nobody has removed.

    It means the same as `ORSet`; but its size depends on what is there, and not on how
    much ever was.

    >>> s = OptimisedORSet()
    >>> s = s.merge(s.add("n1", "apple"))
    >>> s = s.merge(s.remove("apple"))
    >>> s
    OptimisedORSet({}, CausalContext(VersionVector({'n1': 1}), []))
    """

    __slots__ = ()

    def add(self, actor: str, element: Any) -> OptimisedORSet:
        """Return the delta of an add by an actor; its `live` has the new dot."""
        return self.added(actor, element)

    def remove(self, element: Any) -> OptimisedORSet:
        """Return the delta that takes back the adds seen here, and no others."""
        return self.removed(observed(self.live, element))

    def tags(self, element: Any) -> list[str]:
        """Return the dots of the adds of an element that count, the oldest first."""
        return observed(self.live, element)

    @property
    def elements(self) -> list[Any]:
        """The elements, each once, in an order that depends on nothing else."""
        return grouped(self.live)
