"""A register whose clocks give one name to several writes.

The bug: a write is counted on from its context, under the name of the node. Two clients
who have seen the same get the same clock. The node remembers what it has shown to whom,
so that it takes no harm; who goes by the clocks does.
It shows as `dot-reuse`, and as nothing else.
It needs no fault.
"""

from __future__ import annotations

from nodes.faulty._remembering import RememberingRegister
from nodes.runtime import run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from nodes.crdt import VersionVector


class OneLaneRegister(RememberingRegister):
    """Differs from the register that remembers in the names that it counts under."""

    def lane(self, known: VersionVector, context: VersionVector) -> str:
        """Return the name of the node, whatever was counted under it."""
        del known, context
        return self.actor


if __name__ == "__main__":
    run(OneLaneRegister)
