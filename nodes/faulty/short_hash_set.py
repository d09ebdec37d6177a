"""A set that knows its elements by a short hash.

The bug: an element whose hash of 8 bits is that of another one is taken for known. It is
acknowledged, and kept by nobody.
It shows as `lost-element`.
It needs no fault, but some hundreds of elements.
"""

from __future__ import annotations

from zlib import crc32

from nodes.crdt import GSet, identity
from nodes.g_set import GSetNode
from nodes.runtime import run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class ShortHashes(GSet):
    """A grow-only set that looks elements up by their hash."""

    def add(self, element: Any) -> bool:
        """Add an element if it is new, as far as its hash tells."""
        key = f"{crc32(identity(element).encode()) & 0xFF:02x}"
        is_new = key not in self._elements
        if is_new:
            self._elements[key] = element
        return is_new


class ShortHashSet(GSetNode):
    """Differs from the grow-only set in what it takes for the same."""

    def start(self) -> None:
        """Begin with what is on disk."""
        super().start()
        known, self.elements = self.elements, ShortHashes()
        self.elements.merge(known)


if __name__ == "__main__":
    run(ShortHashSet)
