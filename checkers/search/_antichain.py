"""The configurations that a search has seen, without those that others stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Hashable
    from typing import TypeAlias

    Entry: TypeAlias = list[int]
    """Two sets of bits, `had` and `spent`, and 1; or 0 once another stands for it."""


class Antichain:
    """Remembers, for each layer and key, the best pairs of sets of bits.

    A pair (`had`, `spent`) is as good as another one if it had at least what that one
    had, and has spent at most what that one has: rule 7 of the searches. Only pairs
    that no other is as good as are kept. Of layers only those that may still come.

    Attributes:
        entries: Number of pairs kept.
    """

    __slots__ = ("_layers", "entries")

    def __init__(self) -> None:
        self._layers: dict[int, dict[Hashable, list[Entry]]] = {}
        self.entries = 0

    def add(self, layer: int, key: Hashable, had: int, spent: int) -> Entry | None:
        """Remember a pair; return None if one as good was there before."""
        table = self._layers.get(layer)
        if table is None:
            table = self._layers[layer] = {}
        others = table.get(key)
        entry = [had, spent, 1]
        if others is None:
            table[key] = [entry]
            self.entries += 1
            return entry
        worse = False
        for more, less, _ in others:
            if not had & ~more and not less & ~spent:
                return None
            if not more & ~had and not spent & ~less:
                worse = True
        if worse:
            self._replace(others, had, spent)
        others.append(entry)
        self.entries += 1
        return entry

    def _replace(self, others: list[Entry], had: int, spent: int) -> None:
        """Take out those that a pair is as good as."""
        for entry in others:
            if not entry[0] & ~had and not spent & ~entry[1]:
                entry[2] = 0
        self.entries -= sum(not entry[2] for entry in others)
        others[:] = [entry for entry in others if entry[2]]

    def forget_before(self, layer: int) -> None:
        """Forget layers that no configuration will be in any more."""
        for old in [one for one in self._layers if one < layer]:
            self.entries -= sum(map(len, self._layers.pop(old).values()))
