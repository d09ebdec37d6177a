"""A register that takes a clock for the later one if any of its entries is greater.

The bug: of what comes in, whatever has an entry above the own clock replaces what is
there. It has to be above in no entry that the other one is above in.
It shows as `forgotten-write`, and in the end as `lost-write`: nothing that is left can
have known of it.
It needs a *partition*, in which both sides write.
"""

from __future__ import annotations

from nodes.faulty._registers import MixedRegisters
from nodes.mv_register import MVRegisterNode
from nodes.runtime import run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from nodes.crdt import MVRegister


class AnyEntryRegisters(MixedRegisters):
    """Registers by key that take what is new in part for new altogether."""

    __slots__ = ()

    @staticmethod
    def mix(own: MVRegister, other: MVRegister) -> MVRegister:
        """Return the other register if an entry of its clock is greater."""
        known, counts = own.clock, other.clock.counts
        is_newer = any(count > known[actor] for actor, count in counts.items())
        return other if is_newer else own


class AnyEntryMVRegister(MVRegisterNode):
    """Differs from the multi-value register in how it compares clocks."""

    kind = AnyEntryRegisters


if __name__ == "__main__":
    run(AnyEntryMVRegister)
