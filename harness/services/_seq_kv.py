"""A key-value store that is sequentially consistent, and really no more than that.

Every request that changes something executes on the newest state and makes a new one.
Any other (a read, a failed cas, a write of the value that is there already) may execute
on an old state, as long as its requester has not seen a newer one.

Why that is sequentially consistent: order the requests by the number of the state that
they executed on or made, the one that made a state first. Each sees what that order
gives it, and no requester ever steps back in it.

What it costs nodes: a read may be stale for arbitrarily long. A requester catches up by
chance, or by a write that changes something, such as one of a value never written.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final

from ._request import Request, Value, execute, parse_request


if TYPE_CHECKING:
    from random import Random


_STATES: Final = 32

_Versions = list[tuple[int, Value]]


class SeqKv:
    """A sequentially consistent store that serves any of its last 32 states.

    A requester is an address. One that lags behind by more than the states kept is
    moved up to the oldest of them, as is a new one; so time passes for everyone, and
    no promise breaks: a requester only ever moves forward.

    A request costs O(states) at most, whatever the number of keys.
    """

    def __init__(self) -> None:
        self._newest = 0
        self._seen: dict[str, int] = {}
        # The values of each key with the number of the state that set it, ascending.
        # Of those as old as the oldest state that is kept, only the last is there.
        self._versions: dict[str | int | bytes, _Versions] = {}
        # The key that each state set, for all states kept but the oldest.
        self._changed: deque[str | int | bytes] = deque()

    def handle(self, src: str, body: dict[str, Any], rng: Random) -> dict[str, Any]:
        """Execute one request on a state that `rng` picks and `src` may still see."""
        request = parse_request("seq-kv", body)
        if isinstance(request, dict):
            return request
        oldest = max(self._seen.get(src, 0), self._newest - _STATES + 1, 0)
        index = rng.randint(oldest, self._newest)
        stored = self._at(request, index)
        reply, written = execute(request, stored)
        if _changes(stored, written):
            index = self._newest
            stored = self._at(request, index)
            reply, written = execute(request, stored)
            if written is not None and _changes(stored, written):
                index = self._append(request, written)
        self._seen[src] = index
        return reply

    def _at(self, request: Request, index: int) -> Value | None:
        """Return what the key of a request held in a state."""
        for version, value in reversed(self._versions.get(request.key.identity, ())):
            if version <= index:
                return value
        return None

    def _append(self, request: Request, value: Value) -> int:
        """Make a new state, and return its number."""
        self._newest += 1
        key = request.key.identity
        self._versions.setdefault(key, []).append((self._newest, value))
        self._changed.append(key)
        if len(self._changed) == _STATES:
            # One state is dropped, and the next one becomes the oldest: what its key
            # held before cannot be read any more.
            versions = self._versions[self._changed.popleft()]
            if versions[0][0] <= self._newest - _STATES:
                del versions[0]
        return self._newest


def _changes(stored: Value | None, written: Value | None) -> bool:
    if written is None:
        return False
    return stored is None or stored.identity != written.identity
