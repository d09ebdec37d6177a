"""A register in which nothing is ever replaced.

The bug: a write is put beside what is there, also beside what its client has seen.
It shows as `superseded-sibling`: values come back that were replaced, more and more.
It needs no fault.
"""

from __future__ import annotations

from nodes.faulty._registers import UnprunedRegisters
from nodes.runtime import run
from nodes.vv_register import VVRegister


class NeverSupersedingRegister(VVRegister):
    """Differs from the register with clocks in that it does not compare them."""

    kind = UnprunedRegisters


if __name__ == "__main__":
    run(NeverSupersedingRegister)
