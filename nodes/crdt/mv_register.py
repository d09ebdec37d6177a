"""The multi-value register: concurrent writes are all kept, until one has seen them."""

from __future__ import annotations

from .g_set import identity
from .version_vector import VersionVector


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TypeAlias

    Entry: TypeAlias = tuple[VersionVector, Any]


class MVRegister:
    """Values with the clocks of their writes; none of the clocks is below another.

    A clock must be above the clocks of all that its writer has seen, and of nothing
    else; how to see to that is up to the caller. Should two writes have got one
    clock, both values are kept. Immutable.

    >>> first = MVRegister().write("n1", "a")
    >>> both = first.merge(MVRegister().write("n2", "b"))
    >>> both.values, both.merge(both.write("n1", "c")).values
    (['a', 'b'], ['c'])
    """

    __slots__ = ("_entries",)

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        by_key = {
            identity([clock.encode(), value]): (clock, value)
            for clock, value in entries
        }
        clocks = {clock for clock, _ in by_key.values()}
        self._entries: dict[str, Entry] = {
            key: by_key[key]
            for key in sorted(by_key)
            if not any(by_key[key][0] < clock for clock in clocks)
        }

    @classmethod
    def decode(cls, data: Any) -> MVRegister:
        """Read what `encode` returned; ValueError for anything else."""
        if isinstance(data, list):
            return cls(map(_entry, data))
        raise ValueError(f"an MV-Register is a list of entries, not {data!r}")

    def encode(self) -> list[dict[str, Any]]:
        """Return the register as JSON data; equal registers give equal texts."""
        return [{"value": v, "vclock": clock.encode()} for clock, v in self.entries]

    @property
    def entries(self) -> list[Entry]:
        """The clocks and values, in an order that depends on nothing else."""
        return list(self._entries.values())

    @property
    def values(self) -> list[Any]:
        """The values, several if there were concurrent writes."""
        return [value for _, value in self.entries]

    @property
    def clock(self) -> VersionVector:
        """The least clock above all entries, and so above all ever overwritten."""
        clock = VersionVector()
        for other, _ in self.entries:
            clock = clock.merge(other)
        return clock

    def write(self, actor: str, value: Any) -> MVRegister:
        """Return the delta of a write by an actor who has seen what is here."""
        return MVRegister([(self.clock.increment(actor), value)])

    def merge(self, other: MVRegister) -> MVRegister:
        """Return the least register that has seen what either has seen."""
        return MVRegister([*self.entries, *other.entries])

    def __le__(self, other: MVRegister) -> bool:
        """Tell whether the other has all entries of this one, or such as overwrite them."""
        return all(
            key in other._entries or any(clock < above for above, _ in other.entries)
            for key, (clock, _) in self._entries.items()
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MVRegister) and self.keys == other.keys

    def __hash__(self) -> int:
        return hash(self.keys)

    def __repr__(self) -> str:
        return f"MVRegister({self.entries!r})"

    @property
    def keys(self) -> tuple[str, ...]:
        """The texts that say everything: equal registers have equal keys."""
        return tuple(self._entries)


def _entry(data: Any) -> Entry:
    if isinstance(data, dict) and "value" in data:
        return VersionVector.decode(data.get("vclock")), data["value"]
    raise ValueError(f"an entry has 'value' and 'vclock': {data!r}")
