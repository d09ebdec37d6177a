"""Values named by dots, and a memory of all dots ever seen: no tombstones."""

from __future__ import annotations

from .causal_context import CausalContext
from .dots import is_dot, split


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Self


class DotStore:
    """The values that are there, each by the dot of its birth, and what was ever seen.

    A dot that was seen and is not there was removed; one that was not seen is news.
    So the context tells a removal from an ignorance, and of what was removed nothing
    is kept but a part of a count. Immutable; the updates of the types built on it
    return deltas: stores that hold just what is new, to be merged.

    A dot stands for one value everywhere: see to it that no actor counts twice.
    """

    __slots__ = ("live", "seen")

    def __init__(
        self, live: Mapping[str, Any] | None = None, seen: CausalContext | None = None
    ) -> None:
        self.live: Mapping[str, Any] = dict(live or {})
        self.seen = seen or CausalContext().include(*self.live)

    @classmethod
    def decode(cls, data: Any) -> Self:
        """Read what `encode` returned; ValueError for anything else."""
        live = data.get("live") if isinstance(data, dict) else None
        if not isinstance(live, dict) or not all(map(is_dot, live)):
            raise ValueError(f"{cls.__name__} needs 'live', values by dots: {data!r}")
        return cls(live, CausalContext.decode(data.get("seen")).include(*live))

    def encode(self) -> dict[str, Any]:
        """Return JSON data; equal stores give equal texts."""
        live = {name: self.live[name] for name in sorted(self.live, key=split)}
        return {"live": live, "seen": self.seen.encode()}

    def added(self, actor: str, value: Any, instead_of: Iterable[str] = ()) -> Self:
        """Return the delta of one new value that takes the place of others."""
        name = self.seen.next_dot(actor)
        return type(self)({name: value}, CausalContext().include(name, *instead_of))

    def removed(self, names: Iterable[str]) -> Self:
        """Return the delta that takes values away, and nothing else."""
        return type(self)({}, CausalContext().include(*names))

    def merge(self, other: Self) -> Self:
        """Return the store that has seen what either has seen.

        A value stays if both hold it, or if one holds it and the other has not seen
        it. That both hold *some* value for an element is no reason to keep all
        dots of it: one may have been removed at one side.
        """
        live = {
            name: value
            for name, value in self.live.items()
            if name in other.live or not other.seen.covers(name)
        }
        live |= {
            name: value
            for name, value in other.live.items()
            if name not in self.live and not self.seen.covers(name)
        }
        return type(self)(live, self.seen.merge(other.seen))

    def __le__(self, other: Self) -> bool:
        """Tell whether the other has seen all updates and removals that this one has."""
        return self.seen <= other.seen and all(
            name in self.live or not self.seen.covers(name) for name in other.live
        )

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self <= other <= self

    def __hash__(self) -> int:
        return hash((frozenset(self.live), self.seen))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.live!r}, {self.seen!r})"
