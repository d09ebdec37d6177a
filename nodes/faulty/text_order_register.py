"""A register that compares numbers as texts.

The bug: clocks are compared entry by entry, as texts. "10" comes before "9".
It shows as `lost-write`, or as `superseded-sibling`.
It needs no fault, and ten writes of one client: nobody who tries less will see it.
"""

from __future__ import annotations

from nodes.faulty._registers import MixedRegisters, UnprunedRegister
from nodes.runtime import run
from nodes.vv_register import VVRegister


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from nodes.crdt import MVRegister, VersionVector


class TextOrderRegisters(MixedRegisters):
    """Registers by key that drop what has a clock below another one, as texts."""

    __slots__ = ()

    kind = UnprunedRegister

    @staticmethod
    def mix(own: MVRegister, other: MVRegister) -> MVRegister:
        """Return the entries that none is above."""
        every = UnprunedRegister([*own.entries, *other.entries]).entries
        return UnprunedRegister(
            (clock, value)
            for clock, value in every
            if not any(clock != above and _is_below(clock, above) for above, _ in every)
        )


def _is_below(clock: VersionVector, above: VersionVector) -> bool:
    return all(str(n) <= str(above[actor]) for actor, n in clock.counts.items())


class TextOrderRegister(VVRegister):
    """Differs from the register with clocks in how it compares them."""

    kind = TextOrderRegisters


if __name__ == "__main__":
    run(TextOrderRegister)
