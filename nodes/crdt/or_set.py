"""The observed-remove set: a remove takes back the adds that it has seen, no others."""

from __future__ import annotations

from .dots import is_dot, split
from .g_set import identity


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any


class ORSet:
    """A set of JSON values in which an add wins over a remove that has not seen it.

    Every add has a tag of its own, and a remove lists the tags to be removed: so it is
    no matter which of them arrives first. The removed tags are kept for ever; that is
    the price, which `OptimisedORSet` does not pay.

    Tags are dots, and their uniqueness is up to the caller. Immutable; `add` and
    `remove` return deltas: sets that hold just what is new, to be merged.

    >>> here = ORSet().add("1-n1", "apple")
    >>> there = here.merge(here.add("1-n2", "apple"))
    >>> there.merge(here.remove("apple")).elements
    ['apple']
    """

    __slots__ = ("live", "removed")

    def __init__(
        self, live: Mapping[str, Any] | None = None, removed: Iterable[str] = ()
    ) -> None:
        self.removed = frozenset(removed)
        self.live: Mapping[str, Any] = {
            tag: element
            for tag, element in (live or {}).items()
            if tag not in self.removed
        }

    @classmethod
    def decode(cls, data: Any) -> ORSet:
        """Read what `encode` returned; ValueError for anything else."""
        if _is_state(data):
            return cls(data["added"], data["removed"])
        form = "'added', elements by tags, and 'removed', a list of tags"
        raise ValueError(f"an OR-Set is an object of {form}, not {data!r}")

    def encode(self) -> dict[str, Any]:
        """Return the set as JSON data; equal sets give equal texts."""
        added = {tag: self.live[tag] for tag in sorted(self.live, key=split)}
        return {"added": added, "removed": sorted(self.removed, key=split)}

    @property
    def elements(self) -> list[Any]:
        """The elements, each once, in an order that depends on nothing else."""
        return grouped(self.live)

    def tags(self, element: Any) -> list[str]:
        """Return the tags of an element that count, the oldest first."""
        return observed(self.live, element)

    def count(self, actor: str) -> int:
        """Return the greatest number that an actor has put into a tag."""
        tags = map(split, [*self.live, *self.removed])
        return max((count for count, name in tags if name == actor), default=0)

    def add(self, tag: str, element: Any) -> ORSet:
        """Return the delta of an add, under a tag that was never used before."""
        return ORSet({tag: element})

    def remove(self, element: Any) -> ORSet:
        """Return the delta that takes back the adds seen here, and no others."""
        return ORSet({}, self.tags(element))

    def merge(self, other: ORSet) -> ORSet:
        """Return the least set that has seen what either has seen."""
        return ORSet({**self.live, **other.live}, self.removed | other.removed)

    def __le__(self, other: ORSet) -> bool:
        """Tell whether the other has seen all adds and removes that this one has."""
        return self.removed <= other.removed and all(
            tag in other.live or tag in other.removed for tag in self.live
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ORSet) and self <= other <= self

    def __hash__(self) -> int:
        return hash((frozenset(self.live), self.removed))

    def __repr__(self) -> str:
        return f"ORSet({self.live!r}, {sorted(self.removed, key=split)!r})"


def observed(live: Mapping[str, Any], element: Any) -> list[str]:
    """Return the dots under which an element is held, the oldest first."""
    key = identity(element)
    # Python's == is quick, but takes 1 and true for equal.
    dots = [
        dot
        for dot, other in live.items()
        if other == element and identity(other) == key
    ]
    return sorted(dots, key=split)


def grouped(live: Mapping[str, Any]) -> list[Any]:
    """Return the elements that are held under any dots, each once, sorted."""
    elements = {identity(element): element for element in live.values()}
    return [elements[key] for key in sorted(elements)]


def _is_state(data: Any) -> bool:
    if not isinstance(data, dict):
        return False
    added, removed = data.get("added"), data.get("removed")
    if not isinstance(added, dict) or not isinstance(removed, list):
        return False
    return all(map(is_dot, [*added, *removed]))
