"""A register in which a write replaces all that its node knows.

The bug: the context is overlooked. Values that the client has not seen are gone. Where
writes have no context, this is how it should be.
It shows as `false-cause` and as `lost-write`.
It needs no fault: two clients that write the same register are enough.
"""

from __future__ import annotations

from nodes.runtime import run
from nodes.vv_register import VVRegister


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from nodes.crdt import MVRegister, VersionVector


class OverwritingRegister(VVRegister):
    """Differs from the register with clocks in what a write replaces."""

    def clock_of(
        self, client: str, register: MVRegister, context: VersionVector
    ) -> VersionVector:
        """Return a clock above all that is known of the key here."""
        return super().clock_of(client, register, context.merge(register.clock))


if __name__ == "__main__":
    run(OverwritingRegister)
