"""A register whose clocks have an entry for each node, and no dots.

The bug: a write gets the next number of its node. Its clock then is above those of all
earlier writes of that node, also of such as its client has not seen.
It shows as `false-cause` and as `lost-write`.
It needs no fault: two clients of one node are enough.
"""

from __future__ import annotations

from nodes.crdt import MVRegister, VersionVector
from nodes.runtime import run
from nodes.vv_register import VVRegister


class NodeClockRegister(VVRegister):
    """Differs from the register with clocks in whose writes it counts."""

    def clock_of(
        self, client: str, register: MVRegister, context: VersionVector
    ) -> VersionVector:
        """Return the context, with the next number of this node."""
        del client
        known = max(register.clock[self.actor], context[self.actor])
        return VersionVector({**context.counts, self.actor: known + 1})


if __name__ == "__main__":
    run(NodeClockRegister)
