"""Histories whose reads reveal which updates they saw.

Below sequential consistency a checker would have to guess what each read saw, and no
algorithm is fast then. It need not guess where updates can be told apart by what
reads return:

* a read of a *register* whose values are written once shows whose write it saw last;
* a read of a *set* that only grows shows exactly the adds that it saw;
* so does a read of a *counter* whose deltas sum in one way only;
* a read of a *list* that only grows shows the appends that it saw, in their order;
* a read of a register that keeps *siblings* shows the writes it saw that no other one it
  saw replaces. If writes tell what they replace, the others that it can have seen are
  those that these replace, one by way of the other.

All but the first are called exact. Either kind of history may be about several keys, each
an object of its own. Updates that never returned take part if a read shows them.

An *act* is an operation as seen here. The acts of a process in the order it made them
are its *session*; in it, an act that never returned precedes nothing. Updates are in
*chains*: those of one process are one chain, in their order, except that an update
which never returned and was not the last one is a chain of its own. A *clock* says of
each chain how many of its updates, from the first one on. A *lane* is the part of a
chain that is about one key.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec


if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence

    from histories import OperationColumns


Clock: TypeAlias = "tuple[int, ...]"
"""How many updates of each chain."""

NO_ACT = -1
"""Where there is no act; as the source of a read, the initial value."""

NO_END = -1


class Act(NamedTuple):
    """An operation that saw something, or did something, or both.

    Attributes:
        position: Where it is in the columns of the history.
        key: The number of its key.
        updates: Whether others can see it.
        source: If it read a register: the position of the write that it returned, or
            `NO_ACT` for the initial value.
        shown: If it is an exact read: the positions of the updates it showed.
        tops: If it may have seen less than that: the positions of those that it saw for
            certain. Whoever saw these, and what replaces others, can have seen these.
    """

    position: int
    key: int
    updates: bool = False
    source: int | None = None
    shown: Sequence[int] | None = None
    tops: Sequence[int] | None = None


class Seen(NamedTuple):
    """The updates of its key that an exact read saw.

    Attributes:
        counts: By chain, how many of its lane, from the first one on; never 0.
        beyond: Those seen although an earlier one of their lane was not.
    """

    counts: dict[int, int]
    beyond: frozenset[int]


class Sights(msgspec.Struct, frozen=True, kw_only=True):
    """The acts of a history, numbered from 0 in the order of their invocations.

    Attributes:
        acts: What the following was made of.
        columns: The history.
        keys: The keys, as texts; one empty one if the history has no keys.
        exact: Whether reads are exact; else they are those of registers.
        ordered: Whether exact reads tell in which order they saw updates, too.
        process: By act: the process, numbered from 0.
        previous: By act: the act before it in its session, or `NO_ACT`.
        sessions: By process: its acts.
        chain: By act: the chain, or `NO_ACT` if it is no update.
        rank: By act: how many updates its chain has up to it.
        chains: By chain: its updates.
        before: By chain: the last update before its first one in the session, or
            `NO_ACT`.
        lanes: By key: by chain, its updates.
        ranks: By key: by chain, the ranks of its lane.
        places: By update: how many its lane has before it.
        sources: By read of a register: the act that it returned, or `NO_ACT`.
        seen: By exact read: what it saw.
        tops: By exact read that may have seen less than that: what it saw for certain.
    """

    acts: Sequence[Act]
    columns: OperationColumns
    keys: Sequence[str]
    exact: bool
    ordered: bool
    process: array[int]
    previous: array[int]
    sessions: list[list[int]]
    chain: array[int]
    rank: array[int]
    chains: list[list[int]]
    before: list[int]
    lanes: list[dict[int, list[int]]]
    ranks: list[dict[int, list[int]]]
    places: array[int]
    sources: dict[int, int]
    seen: dict[int, Seen]
    tops: dict[int, list[int]]

    def __len__(self) -> int:
        """Return the number of acts."""
        return len(self.acts)

    def key(self, act: int) -> int:
        """Return the number of an act's key."""
        return self.acts[act].key

    def updates(self, act: int) -> bool:
        """Whether an act is an update."""
        return self.acts[act].updates

    def returned(self, act: int) -> bool:
        """Whether an act has returned."""
        return self.columns.end[self.acts[act].position] != NO_END

    def reads(self, process: int) -> list[int]:
        """Return the reads of a process in the order of its session."""
        known = self.seen if self.exact else self.sources
        return [act for act in self.sessions[process] if act in known]

    def issued_up_to(self, update: int) -> list[tuple[int, int]]:
        """Return, by chain, the last update that its process issued up to one."""
        chain = self.chain[update]
        before = self.before[chain]
        found = [(chain, update)]
        return found if before == NO_ACT else [*found, (self.chain[before], before)]

    def lane_count(self, key: int, chain: int, clock: Clock) -> int:
        """Return how many updates of a lane a clock includes. Logarithmic."""
        return bisect_right(self.ranks[key][chain], clock[chain])

    def last_of_lane(self, key: int, chain: int, clock: Clock) -> int:
        """Return the last update of a lane that a clock includes, or `NO_ACT`."""
        count = self.lane_count(key, chain, clock)
        return self.lanes[key][chain][count - 1] if count else NO_ACT

    def shown(self, read: int) -> list[int]:
        """Return the updates that a read shows, less those that come before others.

        Of an exact read, that is the last one of each prefix of a lane, and all that
        are beyond; or what it saw for certain.
        """
        if read in self.tops:
            return self.tops[read]
        source = self.sources.get(read, NO_ACT)
        if source != NO_ACT:
            return [source]
        seen = self.seen.get(read)
        if seen is None:
            return []
        lanes = self.lanes[self.key(read)]
        found = [lanes[chain][count - 1] for chain, count in seen.counts.items()]
        return [*found, *sorted(seen.beyond)]

    def has_seen(self, read: int, update: int) -> bool:
        """Whether an exact read saw an update of its key."""
        seen = self.seen[read]
        count = seen.counts.get(self.chain[update], 0)
        return self.places[update] < count or update in seen.beyond
