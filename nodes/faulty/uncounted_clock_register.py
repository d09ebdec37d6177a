"""A register that tells the client its own context for a clock.

The bug: a write is not counted in the clock that is told. The node remembers what it has
shown to whom, so that it takes no harm; who goes by the clocks does.
It shows as `clock-below-context`, and as nothing else.
It needs no fault.
"""

from __future__ import annotations

from nodes.faulty._remembering import RememberingRegister
from nodes.runtime import run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from nodes.crdt import VersionVector


class UncountedClockRegister(RememberingRegister):
    """Differs from the register that remembers in the clocks that it tells."""

    def clock_of(
        self, lane: str, known: VersionVector, context: VersionVector
    ) -> VersionVector:
        """Return the context, unless the client has seen nothing yet."""
        if context.counts:
            return context
        return super().clock_of(lane, known, context)


if __name__ == "__main__":
    run(UncountedClockRegister)
