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
same for any order that includes the order of issue).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ._visibility import NO_ACT


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ._visibility import Clock, Sights


UpdateOrder: TypeAlias = "Mapping[int, Sequence[int]]"
"""By update: updates that come before it, such that all others come before these.

The update before it in its chain is always one of them."""


class Conflict(NamedTuple):
    """A read that no view of its process explains.

    Attributes:
        read: The read; or an update that comes before itself.
        update: The update that comes before it, and that it did not return or see.
    """

    read: int
    update: int


class _CircularError(Exception):
    """An update comes before itself."""


def order_of_issue(sights: Sights) -> UpdateOrder:
    """Return the order in which each process issued its updates."""
    found: dict[int, Sequence[int]] = {}
    for before, updates in zip(sights.before, sights.chains, strict=True):
        earlier = before
        for update in updates:
            found[update] = () if earlier == NO_ACT else (earlier,)
            earlier = update
    return found


def order_of_causes(sights: Sights) -> UpdateOrder:
    """Return the causal order: of issue, and of what was read before what was issued."""
    found = dict(order_of_issue(sights))
    for session in sights.sessions:
        for update, causes in _causes(sights, session):
            found[update] = (*found[update], *causes)
    return found


def _causes(sights: Sights, session: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield each update, with what its process saw since the last one that returned."""
    seen: list[int] = []
    for act in session:
        now = [*seen, *sights.shown(act)]
        if sights.updates(act):
            yield act, now
            now = []
        if sights.returned(act):
            seen = now


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

    Linear, times the number of chains; and for registers, times the number of rounds
    in which the order grows, which is seldom more than two.
    """
    return _View(sights, process, order).find_conflict()


class _View:
    """The order of updates as it grows while a process is being explained."""

    def __init__(self, sights: Sights, process: int, order: UpdateOrder) -> None:
        self._sights = sights
        self._session = sights.sessions[process]
        self._order = order
        # A view keeps the whole session, whatever the order is.
        self._own = dict(_causes(sights, self._session))
        self._grown: dict[int, list[int]] = {}
        self._clocks: dict[int, Clock] = {}
        self._nothing: Clock = (0,) * len(sights.chains)

    def find_conflict(self) -> Conflict | None:
        """Go through the session again and again, until nothing grows."""
        while True:
            size = sum(map(len, self._grown.values()))
            self._clocks.clear()
            conflict = self._go_through()
            if conflict is not None:
                return conflict
            if size == sum(map(len, self._grown.values())):
                return None

    def _go_through(self) -> Conflict | None:
        sights = self._sights
        now = self._nothing
        for act in self._session:
            after = now
            try:
                for cause in sights.shown(act):
                    after = tuple(map(max, after, self._clock(cause)))
                update = self._contradicting(act, after)
                if update is not None:
                    return Conflict(act, update)
                if sights.updates(act):
                    after = tuple(map(max, after, self._clock(act)))
            except _CircularError:
                return Conflict(act, act)
            if sights.returned(act):
                now = after
        return None

    def _contradicting(self, act: int, clock: Clock) -> int | None:
        """Return an update that comes before an act, and cannot; None without."""
        sights = self._sights
        if act in sights.seen:
            return first_lacking(sights, act, clock)
        source = sights.sources.get(act)
        if source is None:
            return None
        key = sights.key(act)
        for chain in sights.lanes[key]:
            update = sights.last_of_lane(key, chain, clock)
            if update not in {NO_ACT, source} and not self._put_before(update, source):
                return update
        return None

    def _put_before(self, update: int, source: int) -> bool:
        """Let an update come before one that was read; False if that cannot be."""
        if source == NO_ACT:
            return False
        sights = self._sights
        clock = self._clock(update)
        if clock[sights.chain[source]] >= sights.rank[source]:
            return False
        known = self._clock(source)
        if known[sights.chain[update]] < sights.rank[update]:
            self._grown.setdefault(source, []).append(update)
            self._clocks[source] = tuple(map(max, known, clock))
        return True

    def _before(self, update: int) -> Iterator[int]:
        yield from self._order[update]
        yield from self._own.get(update, ())
        yield from self._grown.get(update, ())

    def _clock(self, update: int) -> Clock:
        """Return what comes before an update, and itself, as far as it is known.

        Raises:
            _CircularError: It comes before itself.
        """
        sights, clocks = self._sights, self._clocks
        todo = [] if update in clocks else [update]
        pending = set(todo)
        while todo:
            last = todo[-1]
            clock = self._nothing
            for earlier in self._before(last):
                known = clocks.get(earlier)
                if known is None:
                    if earlier in pending:
                        raise _CircularError
                    todo.append(earlier)
                    pending.add(earlier)
                    break
                clock = tuple(map(max, clock, known))
            else:
                chain, rank = sights.chain[last], sights.rank[last]
                if clock[chain] >= rank:
                    raise _CircularError
                clocks[last] = (*clock[:chain], rank, *clock[chain + 1 :])
                pending.discard(todo.pop())
        return clocks[update]


def first_lacking(sights: Sights, read: int, clock: Clock) -> int | None:
    """Return an update of a read's key that is in a clock and that it did not see."""
    key, seen = sights.key(read), sights.seen[read]
    for chain, lane in sights.lanes[key].items():
        count = seen.counts.get(chain, 0)
        if sights.lane_count(key, chain, clock) > count:
            return lane[count]
    return None
