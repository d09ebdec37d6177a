"""A register that gives a write the clock of its context.

The bug: the write itself is not counted. Nobody can tell it from what it replaces.
It shows as `clock-below-context`, and as `superseded-sibling`.
It needs no fault.
"""

from __future__ import annotations

from nodes.runtime import run
from nodes.vv_register import VVRegister


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from nodes.crdt import MVRegister, VersionVector


class SameClockRegister(VVRegister):
    """Differs from the register with clocks in that they stand still."""

    def clock_of(
        self, client: str, register: MVRegister, context: VersionVector
    ) -> VersionVector:
        """Return the context, unless the client has seen nothing yet."""
        if context.counts:
            return context
        return super().clock_of(client, register, context)


if __name__ == "__main__":
    run(SameClockRegister)
