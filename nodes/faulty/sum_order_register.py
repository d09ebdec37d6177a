"""A register that compares clocks by what their entries sum to.

The bug: of two clocks the one with the greater sum passes for the later. Concurrent
ones have sums, too.
It shows as `lost-write`.
It needs no fault: two clients of which one writes more than the other are enough.
"""

from __future__ import annotations

from nodes.faulty._registers import SumOrderRegisters
from nodes.runtime import run
from nodes.vv_register import VVRegister


class SumOrderRegister(VVRegister):
    """Differs from the register with clocks in how it compares them."""

    kind = SumOrderRegisters


if __name__ == "__main__":
    run(SumOrderRegister)
