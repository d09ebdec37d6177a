"""A register in which a write does not replace what its node knows.

The bug: a write is put beside what is there, as if it had come from another node.
It shows as `superseded-sibling`: the node had acknowledged the one before it got the
other.
It needs no fault.
"""

from __future__ import annotations

from nodes.faulty._registers import UnprunedRegisters
from nodes.mv_register import MVRegisterNode
from nodes.runtime import run


class KeepingMVRegister(MVRegisterNode):
    """Differs from the multi-value register in that nothing goes away."""

    kind = UnprunedRegisters


if __name__ == "__main__":
    run(KeepingMVRegister)
