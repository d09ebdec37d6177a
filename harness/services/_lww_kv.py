"""A key-value store that is only eventually consistent: the last writer wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ._request import Value, execute, parse_request


if TYPE_CHECKING:
    from random import Random


_REPLICAS: Final = 2


class _Replica:
    """One copy of the store, with a Lamport clock.

    Attributes:
        clock: The timestamp of the next write here; above all that are stored here.
        entries: Timestamp and value of each key.
        unsent: Keys that may differ from the other replica's because of this one.
            Every key that differs is in the `unsent` of one of the two, so a merge
            looks at these alone and costs nothing when there is no news.
    """

    __slots__ = ("clock", "entries", "unsent")

    def __init__(self) -> None:
        self.clock = 0
        self.entries: dict[str | int | bytes, tuple[int, Value]] = {}
        self.unsent: set[str | int | bytes] = set()

    def write(self, key: str | int | bytes, value: Value) -> None:
        self.entries[key] = (self.clock, value)
        self.clock += 1
        self.unsent.add(key)

    def merge_into(self, other: _Replica) -> None:
        """Bring the news of this replica to the other one.

        The higher timestamp wins; of equal ones, that of this replica.
        """
        other.clock = max(other.clock, self.clock)
        for key in self.unsent:
            mine, theirs = self.entries[key], other.entries.get(key)
            if theirs is None or theirs[0] <= mine[0]:
                other.entries[key] = mine
                other.unsent.discard(key)
            else:
                other.unsent.add(key)
        self.unsent.clear()


class LwwKv:
    """A last-write-wins store of two replicas.

    Before each request one random replica is merged into a random one; then the request
    executes on a random one. So a read may be stale or miss a key that was written, and
    a write on a replica whose clock is behind loses against an older one.
    """

    def __init__(self) -> None:
        self._replicas = tuple(_Replica() for _ in range(_REPLICAS))

    def handle(self, src: str, body: dict[str, Any], rng: Random) -> dict[str, Any]:
        """Execute one request on a replica that `rng` picks; `src` is not used."""
        del src
        request = parse_request("lww-kv", body)
        if isinstance(request, dict):
            return request
        source, target = rng.choice(self._replicas), rng.choice(self._replicas)
        if source is not target:
            source.merge_into(target)
        replica = rng.choice(self._replicas)
        key = request.key.identity
        entry = replica.entries.get(key)
        reply, written = execute(request, None if entry is None else entry[1])
        if written is not None:
            replica.write(key, written)
        return reply
