"""The configurations that a search has seen, without those that others stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Hashable


class Antichain:
    """Remembers, for each key, the best pairs of sets of bits.

    A pair (`had`, `spent`) is as good as another one if it had at least what that one
    had, and has spent at most what that one has: rule 7 of the searches. Only pairs
    that no other is as good as are kept.

    Attributes:
        entries: Number of pairs kept.
    """

    __slots__ = ("_pairs", "entries")

    def __init__(self) -> None:
        self._pairs: dict[Hashable, list[tuple[int, int]]] = {}
        self.entries = 0

    def add(self, key: Hashable, had: int, spent: int) -> bool:
        """Remember a pair; return False if one as good was there before."""
        others = self._pairs.get(key)
        if others is None:
            self._pairs[key] = [(had, spent)]
            self.entries += 1
            return True
        for more, less in others:
            if not had & ~more and not less & ~spent:
                return False
        kept = [pair for pair in others if pair[0] & ~had or spent & ~pair[1]]
        kept.append((had, spent))
        self.entries += len(kept) - len(others)
        self._pairs[key] = kept
        return True
