"""A register that keeps one of the values that were written at the same time.

The bug: a merge picks one of the concurrent values, the same on all nodes, as if it
were there to settle conflicts and not to show them.
It shows as `lost-write`.
It needs no fault: two clients that write the same register are enough.
"""

from __future__ import annotations

from nodes.faulty._registers import OneValueRegisters
from nodes.runtime import run
from nodes.vv_register import VVRegister


class SingleValueRegister(VVRegister):
    """Differs from the register with clocks in what a merge leaves."""

    kind = OneValueRegisters


if __name__ == "__main__":
    run(SingleValueRegister)
