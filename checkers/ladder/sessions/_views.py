"""Whether a process has a view: an order of updates that explains all its reads.

A view of a process is an order of all updates and of the reads of this process, in
which each read returns what the updates before it make. It keeps the order of the
process's own session and an order of updates, given by their clocks: the order of
issue for PRAM, the causal order for causal consistency (Ahamad et al. 1995). Other
processes may have other views.

For exact reads there is nothing to choose: a read must have seen all that comes before
what it saw or before itself.

For reads of registers the order of updates grows: if an update of the key comes before
the read, and is not the one that it returned, it comes before that one. When nothing
more follows, a view exists unless the order has become circular, or something comes
before a read of the initial value (Bouajjani, Enea, Guerraoui & Hamza, On Verifying
Causal Consistency, 2017: these are CyclicHB and WriteHBInitRead; the argument is the
same for any order that includes the order of issue). Clocks only grow, so this ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ._visibility import NO_ACT


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._visibility import Clock, Sights


class Conflict(NamedTuple):
    """A read that no view of its process explains.

    Attributes:
        read: The read, or an update that comes before itself.
        update: The update that comes before it, and that it did not return or see.
    """

    read: int
    update: int


class UpdateOrder(NamedTuple):
    """An order of updates that includes the order of issue of each chain.

    Attributes:
        clocks: By update: what comes before it, and itself.
        followers: By update: those that come directly after it, but for the next one
            of its chain.
    """

    clocks: Mapping[int, Clock]
    followers: Mapping[int, Sequence[int]]


def order_of_issue(sights: Sights) -> UpdateOrder:
    """Return the order in which each process issued its updates."""
    nothing = (0,) * len(sights.chains)
    clocks: dict[int, Clock] = {}
    for chain, updates in enumerate(sights.chains):
        base = list(nothing)
        before = sights.before[chain]
        if before != NO_ACT:
            base[sights.chain[before]] = sights.rank[before]
        for update in updates:
            base[chain] = sights.rank[update]
            clocks[update] = tuple(base)
    return UpdateOrder(clocks, _branches(sights))


def order_of_causes(sights: Sights, clocks: Sequence[Clock]) -> UpdateOrder:
    """Return the causal order of updates, given the causal clocks of all acts."""
    followers = _branches(sights)
    for session in sights.sessions:
        read: list[int] = []
        for act in session:
            causes = [*read, *sights.shown(act)]
            if sights.updates(act):
                for cause in causes:
                    followers.setdefault(cause, []).append(act)
                causes = []
            if sights.returned(act):
                read = causes
    return UpdateOrder(
        {act: clock for act, clock in enumerate(clocks) if sights.updates(act)},
        followers,
    )


def _branches(sights: Sights) -> dict[int, list[int]]:
    """Return the first updates of chains that begin after another update."""
    found: dict[int, list[int]] = {}
    for chain, before in enumerate(sights.before):
        if before != NO_ACT:
            found.setdefault(before, []).append(sights.chains[chain][0])
    return found


def has_own_view(sights: Sights, process: int) -> bool:
    """Whether a process that reads registers has a view that keeps its own session.

    No order of other updates is kept, so this is so if what it reads of a key never
    goes back to a value that another one, read or written by itself, has followed.
    """
    now: dict[int, int] = {}
    left: set[tuple[int, int]] = set()
    for act in sights.sessions[process]:
        key = sights.key(act)
        values = [sights.sources[act]] if act in sights.sources else []
        if sights.updates(act):
            values.append(act)
        for value in values:
            if (key, value) in left:
                return False
            if sights.returned(act) and now.get(key, NO_ACT) != value:
                left.add((key, now.get(key, NO_ACT)))
                now[key] = value
    return True


def find_conflict(sights: Sights, process: int, order: UpdateOrder) -> Conflict | None:
    """Return why a process has no view that keeps an order; None if it has one.

    Exact: linear, times the number of chains. Registers: the same if the order hardly
    grows; each round of it costs as much.
    """
    if sights.exact:
        return _find_lacking(sights, process, order)
    return _Saturation(sights, order).find_conflict(process)


def _find_lacking(sights: Sights, process: int, order: UpdateOrder) -> Conflict | None:
    now: Clock = (0,) * len(sights.chains)
    for act in sights.sessions[process]:
        for cause in sights.shown(act):
            now = tuple(map(max, now, order.clocks[cause]))
        if act in sights.seen:
            lacking = first_lacking(sights, act, now)
            if lacking is not None:
                return Conflict(act, lacking)
        elif sights.returned(act):
            now = tuple(map(max, now, order.clocks[act]))
    return None


def first_lacking(sights: Sights, read: int, clock: Clock) -> int | None:
    """Return an update of a read's key that is in a clock and that it did not see."""
    key, seen = sights.key(read), sights.seen[read]
    for chain, lane in sights.lanes[key].items():
        count = seen.counts.get(chain, 0)
        if sights.lane_count(key, chain, clock) > count:
            return lane[count]
    return None


class _Saturation:
    """The order of updates as it grows while a process is being explained."""

    def __init__(self, sights: Sights, order: UpdateOrder) -> None:
        self._sights = sights
        self._order = order
        self._grown: dict[int, Clock] = {}
        self._has_grown = False

    def find_conflict(self, process: int) -> Conflict | None:
        """Go through a session again and again, until nothing grows."""
        self._has_grown = True
        while self._has_grown:
            self._has_grown = False
            conflict = self._go_through(process)
            if conflict is not None:
                return conflict
        return None

    def _go_through(self, process: int) -> Conflict | None:
        sights = self._sights
        now: Clock = (0,) * len(sights.chains)
        for act in sights.sessions[process]:
            source = sights.sources.get(act)
            after = now
            if source is not None:
                if source != NO_ACT:
                    after = tuple(map(max, now, self._clock(source)))
                key = sights.key(act)
                for chain in sights.lanes[key]:
                    update = sights.last_of_lane(key, chain, after)
                    if (
                        update not in {NO_ACT, source}
                        and not self._includes(source, update)
                        and not self._grow(source, self._clock(update))
                    ):
                        return Conflict(act, update)
            if sights.updates(act):
                if not self._grow(act, after):
                    return Conflict(act, act)
                after = self._clock(act)
            if sights.returned(act):
                now = after
        return None

    def _clock(self, update: int) -> Clock:
        return self._grown.get(update) or self._order.clocks[update]

    def _includes(self, update: int, other: int) -> bool:
        """Whether another update comes before one, or before the initial value."""
        if update == NO_ACT:
            return False
        sights = self._sights
        return self._clock(update)[sights.chain[other]] >= sights.rank[other]

    def _grow(self, update: int, clock: Clock) -> bool:
        """Let all of a clock come before an update; False if that cannot be."""
        if update == NO_ACT:
            return False
        sights = self._sights
        todo = [(update, clock)]
        while todo:
            update, clock = todo.pop()
            chain, rank = sights.chain[update], sights.rank[update]
            if clock[chain] >= rank:
                return False
            known = self._clock(update)
            grown = tuple(map(max, known, clock))
            if grown == known:
                continue
            self._grown[update] = grown
            self._has_grown = True
            followers = self._order.followers.get(update, ())
            todo.extend((follower, grown) for follower in followers)
            if rank < len(sights.chains[chain]):
                todo.append((sights.chains[chain][rank], grown))
        return True
