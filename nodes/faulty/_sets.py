"""Sets whose merge forgets what a set must remember."""

from __future__ import annotations

from nodes.crdt import OptimisedORSet, ORSet
from nodes.crdt.g_set import identity
from nodes.crdt.or_set import observed


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class Union(ORSet):
    """An OR-Set without tombstones: a merge has what either has."""

    __slots__ = ()

    def merge(self, other: ORSet) -> Union:
        """Put the two together, but for what a delta removes this very moment."""
        return Union(ORSet({**self.live, **other.live}, other.removed).live)


class UnionOfDots(OptimisedORSet):
    """An optimised OR-Set that keeps all dots of an element that both sides have."""

    __slots__ = ()

    def merge(self, other: UnionOfDots) -> UnionOfDots:
        """Ask which dots are removed only where one side lacks the element."""
        merged = super().merge(other)
        both = {*map(identity, self.elements)} & {*map(identity, other.elements)}
        kept = {
            name: value
            for name, value in {**self.live, **other.live}.items()
            if identity(value) in both
        }
        return UnionOfDots({**merged.live, **kept}, merged.seen)


class RemoveWins(ORSet):
    """The other way round: adds are observed, and a remove stays that no add has seen.

    What counts is in the tags of an element as an OR-Set has it: `[element]` for an add
    and `[element, "gone"]` for a remove.
    """

    __slots__ = ()

    @property
    def elements(self) -> list[Any]:
        """The elements that were added and that no remove hides."""
        marks = super().elements
        hidden = {identity(mark[0]) for mark in marks if len(mark) > 1}
        return [
            mark[0]
            for mark in marks
            if len(mark) == 1 and identity(mark[0]) not in hidden
        ]

    def add(self, tag: str, element: Any) -> ORSet:
        """Return the delta of an add, which takes back the removes seen here."""
        return ORSet({tag: [element]}, observed(self.live, [element, "gone"]))

    def hide(self, tag: str, element: Any) -> ORSet:
        """Return the delta of a remove."""
        return ORSet({tag: [element, "gone"]})

    def merge(self, other: ORSet) -> RemoveWins:
        """Return the least set that has seen what either has seen."""
        merged = super().merge(other)
        return RemoveWins(merged.live, merged.removed)
