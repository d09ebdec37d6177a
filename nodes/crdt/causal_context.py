"""Causal contexts: any set of dots, most of it said by a version vector."""

from __future__ import annotations

from .dots import dot, is_dot, split
from .version_vector import VersionVector


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


class CausalContext:
    """Knows a set of updates that may have gaps, as a version vector can't.

    What is known without a gap is in `vector`, and the single dots beyond it in `cloud`.
    So a context that has seen the second write of a node and not the first is no
    problem, and takes no room once the gap is filled. Immutable.

    >>> seen = CausalContext(VersionVector({"n1": 2}), ["4-n1"])
    >>> seen.covers("3-n1"), seen.covers("4-n1")
    (False, True)
    >>> seen.include("3-n1")
    CausalContext(VersionVector({'n1': 4}), [])
    """

    __slots__ = ("cloud", "vector")

    def __init__(
        self, vector: VersionVector | None = None, cloud: Iterable[str] = ()
    ) -> None:
        counts = dict((vector or VersionVector()).counts)
        rest = []
        for count, actor in sorted(map(split, cloud)):
            if count == counts.get(actor, 0) + 1:
                counts[actor] = count
            elif count > counts.get(actor, 0):
                rest.append(dot(count, actor))
        self.vector = VersionVector(counts)
        self.cloud = frozenset(rest)

    @classmethod
    def decode(cls, data: Any) -> CausalContext:
        """Read what `encode` returned; ValueError for anything else.

        A key that looks like a dot is one, so no actor may be called that.
        """
        cloud = list(filter(is_dot, data)) if isinstance(data, dict) else []
        if any(type(data[name]) is not int or data[name] != 1 for name in cloud):
            raise ValueError(f"a dot in a causal context has the value 1: {data!r}")
        vector = (
            {name: data[name] for name in data if name not in cloud} if cloud else data
        )
        return cls(VersionVector.decode(vector), cloud)

    def encode(self) -> dict[str, int]:
        """Return JSON data: the vector, and a key with the value 1 for each dot."""
        return {**self.vector.encode(), **dict.fromkeys(self._sorted_cloud(), 1)}

    def covers(self, name: str) -> bool:
        """Tell whether the update with this dot is known."""
        return name in self.cloud or self.vector.covers(name)

    def next_dot(self, actor: str) -> str:
        """Return a dot of an actor that is above all that are known."""
        counts = [count for count, name in map(split, self.cloud) if name == actor]
        return dot(max(counts, default=self.vector[actor]) + 1, actor)

    def include(self, *names: str) -> CausalContext:
        """Return the context that knows these updates as well."""
        return CausalContext(self.vector, [*self.cloud, *names])

    def merge(self, other: CausalContext) -> CausalContext:
        """Return the least context that knows what either knows."""
        cloud = self.cloud | other.cloud
        return CausalContext(self.vector.merge(other.vector), cloud)

    def __le__(self, other: CausalContext) -> bool:
        """Tell whether the other knows everything that this one knows."""
        return self.vector <= other.vector and all(map(other.covers, self.cloud))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CausalContext) and self <= other <= self

    def __hash__(self) -> int:
        return hash((self.vector, self.cloud))

    def __repr__(self) -> str:
        return f"CausalContext({self.vector!r}, {self._sorted_cloud()!r})"

    def _sorted_cloud(self) -> list[str]:
        return sorted(self.cloud, key=split)
