"""Registers by key, each merged by itself."""

from __future__ import annotations

from .dvv_set import DottedVersionVectorSet
from .mv_register import MVRegister


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar, Self


class RegisterMap:
    """What is known of each key; a key that was never written has an empty register.

    Immutable. The delta of a write is a map of one register, itself a delta.

    >>> a = MVRegisters().put("x", MVRegister().write("n1", 1))
    >>> a.merge(MVRegisters().put("y", MVRegister().write("n1", 2))).get("y").values
    [2]
    """

    __slots__ = ("registers",)

    kind: ClassVar[type[Any]]
    """The type of the registers."""

    def __init__(self, registers: Mapping[str, Any] | None = None) -> None:
        self.registers: Mapping[str, Any] = dict(registers or {})

    @classmethod
    def decode(cls, data: Any) -> Self:
        """Read what `encode` returned; ValueError for anything else."""
        if isinstance(data, dict):
            return cls({key: cls.kind.decode(data[key]) for key in data})
        raise ValueError(f"{cls.__name__} is an object of registers, not {data!r}")

    def encode(self) -> dict[str, Any]:
        """Return the map as JSON data; equal maps give equal texts."""
        return {key: self.registers[key].encode() for key in sorted(self.registers)}

    def get(self, key: str) -> Any:
        """Return the register of a key."""
        return self.registers.get(key) or self.kind()

    def put(self, key: str, register: Any) -> Self:
        """Return the delta that has this register alone."""
        return type(self)({key: register})

    def merge(self, other: Self) -> Self:
        """Return the least map that has seen what either has seen."""
        merged = dict(self.registers)
        for key, register in other.registers.items():
            own = merged.get(key)
            merged[key] = register if own is None else own.merge(register)
        return type(self)(merged)

    def __le__(self, other: Self) -> bool:
        """Tell whether the other has seen everything that this one has."""
        return all(
            register <= other.get(key) for key, register in self.registers.items()
        )

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.registers == other.registers

    def __hash__(self) -> int:
        return hash(frozenset(self.registers.items()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.registers!r})"


class MVRegisters(RegisterMap):
    """Multi-value registers by key."""

    __slots__ = ()

    kind = MVRegister


class DottedRegisters(RegisterMap):
    """Dotted version vector sets by key."""

    __slots__ = ()

    kind = DottedVersionVectorSet
