"""Registers by key whose merge a mistake can be made in, and some that are unpruned."""

from __future__ import annotations

from nodes.crdt import MVRegister, MVRegisters


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from nodes.crdt.mv_register import Entry


class MixedRegisters(MVRegisters):
    """Registers by key that are merged by `mix`."""

    __slots__ = ()

    def merge(self, other: MVRegisters) -> Self:
        """Merge key by key."""
        keys = {**self.registers, **other.registers}
        return type(self)(
            {key: self.mix(self.get(key), other.get(key)) for key in keys}
        )

    @staticmethod
    def mix(own: MVRegister, other: MVRegister) -> MVRegister:
        """Return the register that is kept of two."""
        return own.merge(other)


class UnprunedRegister(MVRegister):
    """Keeps all entries that it is given, whatever their clocks are."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        super().__init__()
        for clock, value in entries:
            key = MVRegister([(clock, value)]).keys[0]
            self._entries[key] = (clock, value)
        self._entries = dict(sorted(self._entries.items()))

    def merge(self, other: MVRegister) -> UnprunedRegister:
        """Return the union."""
        return UnprunedRegister([*self.entries, *other.entries])

    def __le__(self, other: MVRegister) -> bool:
        """Tell whether the other has all entries of this one."""
        return set(self.keys) <= set(other.keys)


class UnprunedRegisters(MixedRegisters):
    """Registers by key of which a merge forgets nothing."""

    __slots__ = ()

    kind = UnprunedRegister

    @staticmethod
    def mix(own: MVRegister, other: MVRegister) -> MVRegister:
        """Return the union."""
        return UnprunedRegister([*own.entries, *other.entries])


class OneValueRegisters(MixedRegisters):
    """Registers by key of which a merge leaves one of several values."""

    __slots__ = ()

    @staticmethod
    def mix(own: MVRegister, other: MVRegister) -> MVRegister:
        """Return one of the siblings, the same everywhere."""
        return MVRegister(own.merge(other).entries[-1:])


class SumOrderRegisters(MixedRegisters):
    """Registers by key that take the greater clock for the one with the greater sum."""

    __slots__ = ()

    @staticmethod
    def mix(own: MVRegister, other: MVRegister) -> MVRegister:
        """Return the entries whose clocks have the greatest sum."""
        entries = own.merge(other).entries
        sums = [sum(clock.counts.values()) for clock, _ in entries]
        newest = max(sums, default=0)
        return MVRegister(
            entry for entry, total in zip(entries, sums, strict=True) if total == newest
        )
