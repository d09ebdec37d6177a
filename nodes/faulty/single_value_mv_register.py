"""A register that keeps one of the values that were written at the same time.

The bug: a merge picks one of the concurrent values, the same on all nodes.
It shows as `forgotten-write`, and in the end as `lost-write`: nothing that is left can
have known of it.
It needs a *partition*. While all is well the other write can always have been known
where this one was made, and then it is one that was replaced.
"""

from __future__ import annotations

from nodes.faulty._registers import OneValueRegisters
from nodes.mv_register import MVRegisterNode
from nodes.runtime import run


class SingleValueMVRegister(MVRegisterNode):
    """Differs from the multi-value register in what a merge leaves."""

    kind = OneValueRegisters


if __name__ == "__main__":
    run(SingleValueMVRegister)
