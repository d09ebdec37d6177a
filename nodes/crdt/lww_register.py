"""The last-writer-wins register: of concurrent writes all but one are lost."""

from __future__ import annotations

from .g_set import identity


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any

NEVER = (0, "")
"""The stamp of a register that was not written."""


class LWWRegister:
    """A value and the stamp of its write, a time and an actor; the greater stamp stays.

    A write never has a stamp below those seen where it is made, however wrong the
    clock is there. So what gets lost is concurrent, unless the writer has come from
    another replica that knew more. Immutable.

    >>> a, b = LWWRegister().write("n1", "a", 7), LWWRegister().write("n2", "b", 5)
    >>> a.merge(b).value, b.merge(a).write("n2", "c", 5).stamp
    ('a', (8, 'n2'))
    """

    __slots__ = ("stamp", "value")

    def __init__(self, value: Any = None, stamp: tuple[int, str] = NEVER) -> None:
        self.value = value
        self.stamp = stamp

    @classmethod
    def decode(cls, data: Any) -> LWWRegister:
        """Read what `encode` returned; ValueError for anything else."""
        if isinstance(data, list) and len(data) == 3:
            value, time, actor = data
            if type(time) is int and time >= 0 and isinstance(actor, str):
                return cls(value, (time, actor))
        raise ValueError(f"an LWW register is [value, time, actor], not {data!r}")

    def encode(self) -> list[Any]:
        """Return the register as JSON data; equal registers give equal texts."""
        return [self.value, *self.stamp]

    def write(self, actor: str, value: Any, time: int) -> LWWRegister:
        """Return the register after a write: it is its own delta."""
        return LWWRegister(value, (max(time, self.stamp[0] + 1), actor))

    def merge(self, other: LWWRegister) -> LWWRegister:
        """Return the register with the greater stamp."""
        return max(self, other)

    def __lt__(self, other: LWWRegister) -> bool:
        """Tell whether this one gives way to the other."""
        if self.stamp != other.stamp:
            return self.stamp < other.stamp
        # One stamp is one write, so that the values are hardly ever compared as texts.
        return self.value != other.value and (
            identity(self.value) < identity(other.value)
        )

    def __le__(self, other: LWWRegister) -> bool:
        """Tell whether the other has seen this one, or has no need to: a total order."""
        return not other < self

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LWWRegister):
            return False
        return self.stamp == other.stamp and bool(self.value == other.value)

    def __hash__(self) -> int:
        return hash(self.stamp)

    def __repr__(self) -> str:
        return f"LWWRegister({self.value!r}, {self.stamp!r})"
