"""A list whose nodes number characters without regard to those of others.

The bug: Lamport's time does not go on when characters of others arrive. So what is
inserted walks past all with higher numbers that stand at its place.
It shows as `intention-violation`: it lands behind what it was inserted before.
It needs no fault, only nodes of which one writes more than another.
"""

from __future__ import annotations

from nodes.crdt.dots import split
from nodes.op_rga import OpRGA
from nodes.runtime import run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class OwnClockRGA(OpRGA):
    """Differs from the list that is right in what it counts."""

    def apply(self, name: str, operation: Any) -> None:
        """Insert or delete a character, and count only what comes from here."""
        before = self.time
        super().apply(name, operation)
        if split(name)[1] != self.actor:
            self.time = before


if __name__ == "__main__":
    run(OwnClockRGA)
