"""A register with one clock for all its siblings.

The bug: it is known what the siblings together have seen, and not which of them has seen
what. A write that has not seen all of them is put beside them, also beside those that
it replaces.
It shows as `superseded-sibling`.
It needs no fault: two clients that write in turns are enough.
"""

from __future__ import annotations

from nodes.faulty._registers import MixedRegisters, UnprunedRegister
from nodes.runtime import run
from nodes.vv_register import VVRegister


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from nodes.crdt import MVRegister


class SharedClockRegisters(MixedRegisters):
    """Registers by key whose values all have the same clock."""

    __slots__ = ()

    kind = UnprunedRegister

    @staticmethod
    def mix(own: MVRegister, other: MVRegister) -> MVRegister:
        """Return the register with the greater clock, or all values if there is none."""
        if own.clock < other.clock:
            return other
        if other.clock < own.clock:
            return own
        clock = own.clock.merge(other.clock)
        values = [*own.values, *other.values]
        return UnprunedRegister((clock, value) for value in values)


class SharedClockRegister(VVRegister):
    """Differs from the register with clocks in how many of them there are."""

    kind = SharedClockRegisters


if __name__ == "__main__":
    run(SharedClockRegister)
