"""The two-phase set: what was removed once never comes back."""

from __future__ import annotations

from .g_set import identity


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


class TwoPhaseSet:
    """Two sets that only grow: of all that was added, and of what was removed again.

    A remove wins, over adds at the same time and over all later ones. Immutable;
    `add` and `remove` return deltas: sets that hold just what is new, to be merged.

    >>> s = TwoPhaseSet(["a", "b"], ["a"])
    >>> s.merge(s.add("a")).elements
    ['b']
    """

    __slots__ = ("_added", "_removed")

    def __init__(self, added: Iterable[Any] = (), removed: Iterable[Any] = ()) -> None:
        self._removed = {identity(element): element for element in removed}
        self._added = {identity(element): element for element in added} | self._removed

    @classmethod
    def decode(cls, data: Any) -> TwoPhaseSet:
        """Read what `encode` returned; ValueError for anything else."""
        if isinstance(data, dict):
            added, removed = data.get("added"), data.get("removed")
            if isinstance(added, list) and isinstance(removed, list):
                return cls(added, removed)
        raise ValueError(f"a 2P-Set has lists 'added' and 'removed': {data!r}")

    def encode(self) -> dict[str, list[Any]]:
        """Return the set as JSON data; equal sets give equal texts."""
        return {
            "added": [self._added[key] for key in sorted(self._added)],
            "removed": [self._removed[key] for key in sorted(self._removed)],
        }

    @property
    def elements(self) -> list[Any]:
        """The elements, each once, in an order that depends on nothing else."""
        return [self._added[key] for key in sorted(self._added.keys() - self._removed)]

    def add(self, element: Any) -> TwoPhaseSet:
        """Return the delta of an add; it is in vain if a remove was before."""
        return TwoPhaseSet([element])

    def remove(self, element: Any) -> TwoPhaseSet:
        """Return the delta of a remove; nothing for an element that is not in."""
        key = identity(element)
        is_in = key in self._added and key not in self._removed
        return TwoPhaseSet([], [element] if is_in else [])

    def merge(self, other: TwoPhaseSet) -> TwoPhaseSet:
        """Return the least set that has seen what either has seen."""
        return TwoPhaseSet(
            [*self._added.values(), *other._added.values()],
            [*self._removed.values(), *other._removed.values()],
        )

    def __le__(self, other: TwoPhaseSet) -> bool:
        """Tell whether the other has seen all adds and removes that this one has."""
        return (
            self._added.keys() <= other._added.keys()
            and self._removed.keys() <= other._removed.keys()
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TwoPhaseSet) and self <= other <= self

    def __hash__(self) -> int:
        return hash((frozenset(self._added), frozenset(self._removed)))

    def __repr__(self) -> str:
        added, removed = self.encode().values()
        return f"TwoPhaseSet({added!r}, {removed!r})"
