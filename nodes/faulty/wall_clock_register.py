"""A last-writer-wins register that believes its clock.

The bug: a write has the time of the clock as its stamp, also if there are later ones
already. So it may lose to a value that its client has seen and replaces.
It shows as `causal-loss`.
It needs a *clock* that is wrong on one of the nodes.
"""

from __future__ import annotations

from nodes.crdt import MVRegister
from nodes.faulty._registers import MixedRegisters
from nodes.runtime import run
from nodes.vv_register import VVRegister, stamp_of


class LastWriterRegisters(MixedRegisters):
    """Registers by key that keep what has the latest stamp."""

    __slots__ = ()

    @staticmethod
    def mix(own: MVRegister, other: MVRegister) -> MVRegister:
        """Return the value with the latest stamp."""
        return MVRegister([max([*own.entries, *other.entries], key=stamp_of)])


class WallClockRegister(VVRegister):
    """Differs from the register with clocks in which ones it goes by."""

    kind = LastWriterRegisters

    def time_of(self, register: MVRegister) -> int:
        """Return what the clock says."""
        del register
        return self.clock_ns()


if __name__ == "__main__":
    run(WallClockRegister)
