"""A register that compares clocks by what their entries sum to.

The bug: of two clocks the one with the greater sum passes for the later. Concurrent
ones have sums, too.
It shows as `forgotten-write`, and in the end as `lost-write`: nothing that is left can
have known of it.
It needs a *partition*, with more writes on one side than on the other.
"""

from __future__ import annotations

from nodes.faulty._registers import SumOrderRegisters
from nodes.mv_register import MVRegisterNode
from nodes.runtime import run


class SumOrderMVRegister(MVRegisterNode):
    """Differs from the multi-value register in how it compares clocks."""

    kind = SumOrderRegisters


if __name__ == "__main__":
    run(SumOrderMVRegister)
