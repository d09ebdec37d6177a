"""A choice of what looks saw: that of replicas which learn as little as explains it.

Each node (or, if that explains more, each process) is a replica that does its acts in the
order of their ends, and hears of an update of another one when something that it shows
needs it: of the add, among those that can explain an element, and of the remove, among
those that can have taken an add, of which there is least to learn. With an update comes
all that its replica knew when it made it. So a replica knows a prefix of what each has
done, and a *clock* says how long these are.

Where that explains not everything, it is put down what would have helped, and everything
begins anew. What comes of it may still be wrong: it counts only once `_holds` has checked
it.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from ._choice import Choice
from ._hints import Hints
from ._replica import Replica
from ._scene import ADD, ALL, READ, REMOVE
from ._sight import Sight


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ._choice import Clock
    from ._scene import Act, Scene


ROUNDS = 40
"""How often everything may begin anew."""

PATIENCE = 5
"""How often that may explain no more than before."""


def replay(
    scene: Scene, replicas: Sequence[int], is_over: Callable[[], bool]
) -> Choice | None:
    """Return a choice that may be right; None if none was found.

    Args:
        scene: The scene.
        replicas: By act, the number of its replica.
        is_over: Ends it before its time.
    """
    hints = Hints()
    least, since = len(scene.acts), 0
    for _ in range(ROUNDS):
        hints.is_new = False
        attempt = _Replay(scene, replicas, hints)
        if not attempt.run(is_over):
            return None
        if not hints.is_new:
            return None if attempt.stuck else attempt.choice()
        since = since + 1 if attempt.stuck >= least else 0
        least = min(least, attempt.stuck)
        if since > PATIENCE:
            return None
    return None


class _Replay:
    """One round.

    Attributes:
        stuck: How many looks were not explained.
    """

    def __init__(self, scene: Scene, replicas: Sequence[int], hints: Hints) -> None:
        count = 1 + max(replicas, default=-1)
        self.stuck = 0
        self._chains: list[list[int]] = [[] for _ in range(count)]
        self._saw: dict[int, Clock] = {}
        self._scene = scene
        self._acts = scene.acts
        self._of = replicas
        self._hints = hints
        self._sight = Sight(scene, replicas, hints)
        self._replicas = [Replica(count) for _ in range(count)]
        self._rank: dict[int, int] = {}
        self._past: dict[int, Clock] = {}
        self._took: dict[int, frozenset[int]] = {}
        self._heard: dict[int, dict[int, int]] = {}
        self._lanes: dict[tuple[int, int], tuple[list[int], list[int]]] = {}
        self._furthest: list[list[int]] = [[] for _ in range(count)]
        self._pending: dict[int, dict[int, None]] = {}
        self._begun = 0
        self._busy: set[int] = set()

    def choice(self) -> Choice:
        """Return what looks saw."""
        took = {
            one: took
            for one, took in self._took.items()
            if not self._acts[one].returned
        }
        return Choice(self._chains, self._saw, took)

    def run(self, is_over: Callable[[], bool]) -> bool:
        """Go through all acts that returned; False if it is over before that."""
        for count, number in enumerate(self._scene.happened):
            if count % 256 == 0 and is_over():
                return False
            act = self._acts[number]
            self._begin(act.end)
            if act.kind == READ:
                self._explain(number, act, act.end)
                self._saw[number] = tuple(self._replicas[self._of[number]].clock)
            else:
                self._do(number, act.end)
        return True

    def _begin(self, before: int) -> None:
        """Let adds be pending that have begun."""
        acts = self._acts
        while self._begun < len(acts) and acts[self._begun].index < before:
            act = acts[self._begun]
            if act.kind == ADD and self._begun not in self._rank:
                self._pending.setdefault(act.element, {})[self._begun] = None
            self._begun += 1

    def _do(self, update: int, now: int) -> None:
        """Let the replica of an update make it, if it has not yet."""
        if update in self._rank:
            return
        self._busy.add(update)
        act, number = self._acts[update], self._of[update]
        replica = self._replicas[number]
        if act.kind == REMOVE and act.returned:
            for add in sorted(self._hints.demands.get(update, ())):
                self._absorb(number, add, now)
            self._explain(update, act, now)
            self._saw[update] = tuple(replica.clock)
            live = frozenset(replica.live.get(act.element, ()))
            self._took[update] = live if act.adds is None else act.adds
        elif act.kind == REMOVE:
            self._took[update] = frozenset(self._hints.demands.get(update, ()))
        self._put(number, update)
        replica.clock[number] = self._rank[update]
        self._past[update] = tuple(replica.clock)
        self._apply(number, update, now)
        self._busy.discard(update)

    def _put(self, number: int, update: int) -> None:
        """Put an update at the end of what a replica has done."""
        act, chain, furthest = (
            self._acts[update],
            self._chains[number],
            self._furthest[number],
        )
        chain.append(update)
        place = self._sight.place.get(update, -1)
        furthest.append(max(place, furthest[-1]) if furthest else place)
        self._rank[update] = len(chain)
        if act.kind == ADD:
            lane = self._lanes.setdefault((act.element, number), ([], []))
            lane[0].append(update)
            lane[1].append(len(chain))
            self._pending.get(act.element, {}).pop(update, None)

    def _apply(self, number: int, update: int, now: int) -> None:
        act, replica = self._acts[update], self._replicas[number]
        if act.kind == ADD:
            replica.put(update, act.element)
            return
        for add in self._took[update]:
            replica.lose(add, act.element, update)
        if act.adds is None:
            self._heard.setdefault(update, {})[number] = now

    def _absorb(self, number: int, update: int, now: int) -> None:
        """Let a replica hear of an update, and of what its replica knew."""
        self._do(update, now)
        replica = self._replicas[number]
        for at, count in enumerate(self._past[update]):
            known = replica.clock[at]
            if count > known:
                replica.clock[at] = count
                for other in self._chains[at][known:count]:
                    self._apply(number, other, now)

    def _explain(self, look: int, act: Act, now: int) -> None:
        """Let the replica of a look hear of what explains what it showed."""
        replica = self._replicas[self._of[look]]
        while True:
            lacking = self._lacking(act, replica)
            if lacking:
                if not self._take(look, lacking[0], now):
                    self._regret_lack(look, lacking[0], now)
                    return
            elif act.adds is not None:
                missing = min(act.adds - replica.alive, default=-1)
                if missing < 0:
                    return
                self._absorb(self._of[look], missing, now)
                if missing in replica.dead:
                    self._regret_loss(look, missing, replica.dead[missing])
                    return
            else:
                absent = (act.elements or frozenset()) - replica.live.keys()
                if not absent:
                    return
                add = self._find(look, min(absent), now)
                if add < 0:
                    self._regret_absence(look, min(absent), now)
                    return
                self._absorb(self._of[look], add, now)

    def _lacking(self, act: Act, replica: Replica) -> list[int]:
        """Return the adds that count for a replica, and that a look does not show."""
        if act.adds is not None:
            here = (
                replica.alive
                if act.element == ALL
                else replica.live.get(act.element, set())
            )
            return sorted(here - act.adds)
        if act.elements is None:
            return []
        elements = replica.live.keys() if act.element == ALL else {act.element}
        return [
            add
            for element in sorted(elements - act.elements)
            for add in sorted(replica.live.get(element, ()))
        ]

    def _take(self, look: int, add: int, now: int) -> bool:
        """Let a replica hear of a remove that took an add; return whether there is one."""
        number = self._of[look]
        replica = self._replicas[number]
        silent, loud = [], []
        for remove in self._scene.takers(add, now):
            if remove == look or remove in self._busy:
                continue
            told = self._acts[remove].adds
            took = self._took.get(remove, told)
            if took is not None and add in took:
                loud.append(remove)
            elif told is None:
                silent.append(remove)
        for remove in self._nearest(replica, loud):
            if self._can_hear(look, remove, now):
                self._absorb(number, remove, now)
                if add in replica.dead:
                    return True
        # Those that the replica has heard of anyway, then those that came first.
        silent.sort(key=lambda one: (not self._knows(replica, one), one))
        for remove in silent:
            end = min(self._acts[remove].end, now)
            if (
                (self._knows(replica, remove) or self._can_hear(look, remove, now))
                and self._can_hear(remove, add, end)
                and self._can_take(remove, add, end)
                and self._hints.demand(remove, add)
            ):
                self._let_take(remove, add)
                if not self._knows(replica, remove):
                    self._absorb(number, remove, now)
                return add in replica.dead
        return False

    def _can_take(self, remove: int, add: int, end: int) -> bool:
        """Whether nobody who has heard of a remove shows an add later."""
        return self._sight.can_lose(self._of[remove], add, end) and all(
            self._sight.can_lose(number, add, now)
            for number, now in self._heard.get(remove, {}).items()
        )

    def _let_take(self, remove: int, add: int) -> None:
        """Let a remove have taken an add after all, where it is known already."""
        if remove not in self._rank:
            return
        self._took[remove] |= {add}
        for replica in self._replicas:
            if self._knows(replica, remove):
                replica.lose(add, self._acts[add].element, remove)

    def _knows(self, replica: Replica, update: int) -> bool:
        rank = self._rank.get(update)
        return rank is not None and replica.clock[self._of[update]] >= rank

    def _can_hear(self, look: int, update: int, now: int) -> bool:
        """Whether a look can have seen an update, and all that comes with it."""
        if self._excess(look, update):
            return False
        if self._acts[update].kind == ADD:
            return True
        took = self._took.get(update, self._acts[update].adds) or ()
        return all(self._sight.can_lose(self._of[look], add, now) for add in took)

    def _excess(self, look: int, update: int) -> int:
        """Return by how much an update comes with more than a look can have seen."""
        most, number = self._sight.most.get(look), self._of[look]
        if most is None:
            return 0
        of, past = self._of[update], self._past.get(update)
        excess = max(0, self._sight.place.get(update, -1) + 1 - most[of])
        for chain, count in enumerate(past or ()):
            if count and chain != number:
                excess += max(0, self._furthest[chain][count - 1] + 1 - most[chain])
        return excess

    def _nearest(self, replica: Replica, updates: Iterable[int]) -> list[int]:
        """Return updates, those first of which there is least to learn."""
        return sorted(updates, key=lambda one: self._news(replica, one))

    def _news(self, replica: Replica, update: int) -> tuple[int, int, int]:
        past = self._past.get(update, ())
        news = sum(
            count - known
            for count, known in zip(past, replica.clock, strict=False)
            if count > known
        )
        return news, self._acts[update].end, update

    def _find(self, look: int, element: int, now: int) -> int:
        """Return an add that lets an element count; -1 if there is none."""
        replica = self._replicas[self._of[look]]
        found = []
        for chain in range(len(self._chains)):
            adds, ranks = self._lanes.get((element, chain), ([], []))
            for at in range(bisect_right(ranks, replica.clock[chain]), len(adds)):
                add = adds[at]
                if add not in replica.dead and self._can_hear(look, add, now):
                    found.append(add)
                    break
        found = found or [
            add
            for add in self._pending.get(element, {})
            if add not in replica.dead and self._can_hear(look, add, now)
        ]
        return min(found, key=lambda add: self._news(replica, add), default=-1)

    # What would have helped.

    def _regret_lack(self, look: int, add: int, now: int) -> None:
        """A look does not show what it saw, and heard of no remove of."""
        self.stuck += 1
        number = self._of[look]
        if self._of[add] != number and self._sight.first_shown(number, add) >= now:
            self._hints.miss(look, add)
            return
        takers = [one for one in self._scene.takers(add, now) if one != look]
        takers.sort(key=lambda one: (self._excess(look, one), one))
        for remove in takers[:1]:
            self._hints.see(look, remove)

    def _regret_loss(self, look: int, add: int, remove: int) -> None:
        """A look shows what a remove took that it saw."""
        self.stuck += 1
        it, of = self._acts[remove], self._of[remove]
        is_certain = self._of[add] == of or self._sight.first_shown(of, add) < it.index
        if it.adds is None and not is_certain:
            self._hints.miss(remove, add)
        else:
            self._hints.miss(look, remove)

    def _regret_absence(self, look: int, element: int, now: int) -> None:
        """A look shows an element, and heard of no add of it."""
        self.stuck += 1
        replica = self._replicas[self._of[look]]
        adds = [
            add
            for add, _ in zip(self._scene.latest(element, now), range(16), strict=False)
        ]
        free = [add for add in adds if add not in replica.dead]
        if free:
            best = min(free, key=lambda add: (self._excess(look, add), add))
            if self._hints.see(look, best):
                return
        for add in adds:
            if add in replica.dead and self._hints.miss(look, replica.dead[add]):
                return
