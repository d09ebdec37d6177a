"""A set that only grows, of any JSON values."""

from __future__ import annotations

from json import JSONEncoder


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

identity = JSONEncoder(sort_keys=True, separators=(",", ":")).encode
"""Return the text that two JSON values share if and only if they are the same.

Python takes 1, 1.0 and true for equal, and can't put a list into a set.
"""


class GSet:
    """All elements ever added, in the order in which they came.

    Unlike the counters it changes in place, because it gets large. Elements are to be
    left as they are once they are in.

    >>> GSet([1, 2]).merge([2, 1, 3])
    [3]
    """

    __slots__ = ("_elements",)

    def __init__(self, elements: Iterable[Any] = ()) -> None:
        self._elements = {identity(element): element for element in elements}

    def add(self, element: Any) -> bool:
        """Add an element; tell whether it is new."""
        key = identity(element)
        is_new = key not in self._elements
        if is_new:
            self._elements[key] = element
        return is_new

    def merge(self, elements: Iterable[Any]) -> list[Any]:
        """Add elements, those of another set mostly; return the ones that are new."""
        return [element for element in elements if self.add(element)]

    def __sub__(self, other: GSet) -> list[Any]:
        return [
            element
            for key, element in self._elements.items()
            if key not in other._elements
        ]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._elements.values())

    def __len__(self) -> int:
        return len(self._elements)

    def __contains__(self, element: Any) -> bool:
        return identity(element) in self._elements

    def __le__(self, other: GSet) -> bool:
        return self._elements.keys() <= other._elements.keys()

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, GSet) and self._elements.keys() == other._elements.keys()
        )

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __repr__(self) -> str:
        return f"GSet({list(self)!r})"
