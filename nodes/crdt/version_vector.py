"""Version vectors: how many updates of each actor are known."""

from __future__ import annotations

from .dots import split


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class VersionVector:
    """Knows the first so many updates of each actor, so nothing between is missing.

    Immutable. Vectors are ordered by what they know, and only in part: of two
    concurrent ones neither is `<=` the other. An actor with no updates and one that
    is missing mean the same.

    >>> a, b = VersionVector({"n1": 2}), VersionVector({"n1": 1, "n2": 1})
    >>> a <= b, b <= a, a.merge(b)
    (False, False, VersionVector({'n1': 2, 'n2': 1}))
    """

    __slots__ = ("counts",)

    def __init__(self, counts: Mapping[str, int] | None = None) -> None:
        known = sorted((counts or {}).items())
        self.counts: Mapping[str, int] = {actor: n for actor, n in known if n}

    @classmethod
    def decode(cls, data: Any) -> VersionVector:
        """Read what `encode` returned; ValueError for anything else."""
        if not isinstance(data, dict) or not all(map(_is_count, data.values())):
            form = "an object of counts >= 0"
            raise ValueError(f"a version vector is {form}, not {data!r}")
        return cls(data)

    def encode(self) -> dict[str, int]:
        """Return the vector as JSON data; equal vectors give equal texts."""
        return dict(self.counts)

    def __getitem__(self, actor: str) -> int:
        """Return how many updates of an actor are known."""
        return self.counts.get(actor, 0)

    def covers(self, name: str) -> bool:
        """Tell whether the update with this dot is known."""
        count, actor = split(name)
        return count <= self[actor]

    def increment(self, actor: str) -> VersionVector:
        """Return the vector that knows one more update of an actor."""
        return VersionVector({**self.counts, actor: self[actor] + 1})

    def merge(self, other: VersionVector) -> VersionVector:
        """Return the least vector that knows what either knows."""
        counts = dict(self.counts)
        for actor, count in other.counts.items():
            counts[actor] = max(count, self[actor])
        return VersionVector(counts)

    def __le__(self, other: VersionVector) -> bool:
        """Tell whether the other knows everything that this one knows."""
        return all(count <= other[actor] for actor, count in self.counts.items())

    def __lt__(self, other: VersionVector) -> bool:
        """Tell whether the other knows all that this one knows, and more."""
        return self <= other and self.counts != other.counts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VersionVector) and self.counts == other.counts

    def __hash__(self) -> int:
        return hash(tuple(self.counts.items()))

    def __repr__(self) -> str:
        return f"VersionVector({self.counts!r})"


def _is_count(count: object) -> bool:
    return type(count) is int and count >= 0
