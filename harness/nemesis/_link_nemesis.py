"""What the faults of messages share: they impose a fault of links, and lift it."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.network import LinkFault

    from ._fault import Arena


class LinkNemesis:
    """Imposes a fault of links under its own name."""

    name: str
    counts: Sequence[str]
    """Fields of `LinkEffect` that say what it did."""

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._imposed = False

    def _impose(self, fault: LinkFault) -> None:
        self._arena.network.impose(self.name, fault)
        self._imposed = True

    def stop(self) -> dict[str, int]:
        """Lift the fault, if it is in force."""
        if not self._imposed:
            return dict.fromkeys(self.counts, 0)
        self._imposed = False
        effect = self._arena.network.lift(self.name)
        return {count: getattr(effect, count) for count in self.counts}
