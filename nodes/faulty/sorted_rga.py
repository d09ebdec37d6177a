"""A text that is all characters sorted by Lamport time and node.

The bug: it takes the order of the ids for the order of the text. Only what is typed at the
end lands where it should.
It shows as `intention-violation`: all nodes agree, on what nobody typed.
It needs no fault.
"""

from __future__ import annotations

from nodes.crdt import RGA
from nodes.rga import RGANode
from nodes.runtime import run


class Sorted(RGA):
    """Differs in that nothing hangs from anything."""

    __slots__ = ()

    @property
    def order(self) -> list[str]:
        """The ids of all characters, by age."""
        return self.by_age()


class SortedRGA(RGANode):
    """Differs from the text that is right in its type."""

    kind = Sorted


if __name__ == "__main__":
    run(SortedRGA)
