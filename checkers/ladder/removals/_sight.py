"""How much replicas can have known at most, by what they show later.

A look that does not show an add, which no remove that had begun can have taken, did not
see it; one that shows an add saw no remove that tells to have taken it. Nor did looks
before it: a replica forgets nothing. And if a replica saw an update of another one, that
other one knew nothing when it made it that the replica itself had not seen then. All of
this reaches from later to earlier acts, so that one way back from the end finds it.

Replicas know prefixes of what each has done, so that it is enough to know, by replica,
the first update that was not seen. This helps to choose well, and proves nothing.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from itertools import islice
from typing import TYPE_CHECKING

from ._scene import ADD, ALL, FOREVER, READ, REMOVE


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ._hints import Hints
    from ._scene import Act, Scene


NEVER = -1

_TAKEN, _BEGUN, _DONE = range(3)


class Sight:
    """What replicas can have known.

    Attributes:
        place: By update: the place that it has among those of its replica.
        most: By act that returned: by replica, the first place that was not seen.
        live_until: By replica, by add: when the last look ended where it counted.
    """

    def __init__(self, scene: Scene, replicas: Sequence[int], hints: Hints) -> None:
        """Go back from the end.

        Linear in what looks show and lack, times the number of replicas.

        Args:
            scene: The scene.
            replicas: By act, the number of its replica.
            hints: What else is taken for certain.
        """
        self._hints = hints
        self._scene = scene
        self._of = replicas
        count = 1 + max(replicas, default=-1)
        self.live_until: list[dict[int, int]] = [{} for _ in range(count)]
        self._first: dict[tuple[int, int], int] = {}
        self.most: dict[int, tuple[int, ...]] = {}
        self._new: dict[int, frozenset[int]] = {}
        self._last: dict[int, frozenset[int]] = {}
        self._lost: dict[int, frozenset[int]] = {}
        self._compare_neighbours(count)
        self.place = self._places(count)
        self._silent: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for number, act in enumerate(scene.acts):
            if act.kind == REMOVE and act.returned and act.adds is None:
                silent = self._silent.setdefault((act.element, replicas[number]), [])
                silent.append((act.index, number))
        self._now = [[FOREVER] * count for _ in range(count)]
        self._owed: dict[int, list[int]] = {}
        self._certain: dict[int, set[int]] = {}
        self._flat: set[int] = set()
        self._go_back()

    def _compare_neighbours(self, count: int) -> None:
        """Note what each look shows that the one before, or after, it did not."""
        before: list[frozenset[int]] = [frozenset()] * count
        last = [-1] * count
        for number in self._scene.happened:
            act, replica = self._scene.acts[number], self._of[number]
            if not act.looks:
                continue
            shown = _shown(act)
            for add in act.adds or ():
                self.live_until[replica][add] = act.end
                self._first.setdefault((replica, add), act.end)
            if act.element != ALL:
                self._new[number] = self._last[number] = shown
                continue
            self._new[number] = shown - before[replica]
            self._lost[number] = before[replica] - shown
            if last[replica] >= 0:
                self._last[last[replica]] = self._lost[number]
            before[replica], last[replica] = shown, number
        for number in last:
            if number >= 0:
                self._last[number] = _shown(self._scene.acts[number])

    def _places(self, count: int) -> dict[int, int]:
        """Return the places of updates: in the order of ends, or of when they show."""
        acts = self._scene.acts
        when = {number: act.end for number, act in enumerate(acts) if act.kind != READ}
        for number, shown in self._new.items():
            for add in shown if acts[number].adds is not None else ():
                when[add] = min(when[add], acts[number].end)
        chains: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        for number, time in when.items():
            if time != FOREVER:
                insort(chains[self._of[number]], (time, number))
        return {number: at for chain in chains for at, (_, number) in enumerate(chain)}

    def _go_back(self) -> None:
        acts = self._scene.acts
        for _, what, number in sorted(self._moments(), reverse=True):
            element = acts[number].element
            if what == _TAKEN:
                self._certain.setdefault(element, set()).add(number)
                self._flat.add(number)
            elif what == _BEGUN:
                if number in self._flat:
                    self._flat.discard(number)
                    self._certain[element].discard(number)
                    if not self._certain[element]:
                        del self._certain[element]
            else:
                self._done(number, acts[number])

    def _moments(self) -> Iterable[tuple[int, int, int]]:
        """Yield when acts end, adds begin, and removes that may take them first do."""
        scene = self._scene
        for number, act in enumerate(scene.acts):
            if act.returned:
                yield act.end, _DONE, number
            if act.kind != ADD:
                continue
            taker = scene.first_taker(number)
            first = FOREVER if taker is None else scene.acts[taker].index
            if first > act.index:
                yield first, _TAKEN, number
                yield act.index, _BEGUN, number

    def _done(self, number: int, act: Act) -> None:
        """Take an act: what it owes to others, and what it shows."""
        replica = self._of[number]
        most = self._now[replica]
        owed = self._owed.get(number)
        if owed is not None:
            most[:] = map(min, most, owed)
            most[replica] = FOREVER
        if act.looks:
            for add in self._lacking(act):
                self._did_not_see(replica, add)
            for add in self._single(number, act, self._last.get(number, frozenset())):
                for remove in self._takers(add):
                    self._did_not_see(replica, remove)
            for add in self._single(number, act, self._new.get(number, frozenset())):
                self._saw(replica, add)
            for add in self._lost.get(number, ()) if act.adds is not None else ():
                takers = list(islice(self._scene.takers(add, act.end), 2))
                if len(takers) == 1:
                    self._saw(replica, takers[0])
        for update in self._hints.unseen.get(number, ()):
            self._did_not_see(replica, update)
        for update in self._hints.seen.get(number, ()):
            self._saw(replica, update)
        self.most[number] = tuple(most)

    def _lacking(self, act: Act) -> Iterable[int]:
        """Return the adds that a look would show if it had seen them."""
        certain = self._certain
        if act.adds is not None:
            here = self._flat if act.element == ALL else certain.get(act.element, set())
            return here - act.adds
        if act.elements is None:
            return ()
        elements = certain.keys() if act.element == ALL else {act.element}
        return set().union(*(certain.get(one, ()) for one in elements - act.elements))

    def _single(self, number: int, act: Act, shown: frozenset[int]) -> Iterable[int]:
        """Return the adds that count for certain, of adds or elements that are shown."""
        if act.adds is not None:
            return shown
        found = []
        for element in shown:
            latest = self._scene.latest(element, act.end)
            replica = self._of[number]
            adds = list(
                islice((add for add in latest if self._can_see(replica, add)), 2)
            )
            if len(adds) == 1:
                found += adds
        return found

    def _takers(self, add: int) -> Iterable[int]:
        """Yield removes, the first ones of replicas, that took an add for certain."""
        yield from self._scene.told_takers(add)
        act = self._scene.acts[add]
        for replica in range(len(self._now)):
            silent = self._silent.get((act.element, replica), ())
            known = self.first_shown(replica, add)
            if replica == self._of[add]:
                known = min(known, act.end)
            at = bisect_right(silent, (known, 0))
            if at < len(silent):
                yield silent[at][1]

    def _can_see(self, replica: int, update: int) -> bool:
        place = self.place.get(update)
        return place is None or place < self._now[replica][self._of[update]]

    def _did_not_see(self, replica: int, update: int) -> None:
        place, of = self.place.get(update), self._of[update]
        if place is not None and of != replica:
            most = self._now[replica]
            most[of] = min(most[of], place)

    def _saw(self, replica: int, update: int) -> None:
        """Let an update owe not to have known more than who saw it."""
        of = self._of[update]
        if of == replica:
            return
        owed = self._owed.get(update)
        now = self._now[replica]
        self._owed[update] = list(now) if owed is None else list(map(min, now, owed))

    def first_shown(self, replica: int, add: int) -> int:
        """Return when the first look ended that showed an add for certain."""
        return self._first.get((replica, add), FOREVER)

    def can_lose(self, replica: int, add: int, now: int) -> bool:
        """Whether an add can have been taken for a replica at a certain time."""
        return self.live_until[replica].get(add, NEVER) < now


def _shown(act: Act) -> frozenset[int]:
    return act.adds if act.adds is not None else act.elements or frozenset()
