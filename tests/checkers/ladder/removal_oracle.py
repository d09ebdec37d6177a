"""Sets with removals: small histories, and the guarantees by their definitions.

All choices of what each look saw are tried. Slow, and too simple to err.
"""

from __future__ import annotations

from itertools import chain, combinations, product
from typing import TYPE_CHECKING, Any

import msgspec

from checkers.ladder.removals._guarantees import GUARANTEES
from checkers.ladder.removals._scene import ADD, ALL, FOREVER, READ, REMOVE, Act, Scene
from histories import Event, History


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from random import Random

    from checkers.ladder.removals._guarantees import Guarantee


def draw(rng: Random, *, cart: bool = False) -> Scene:
    """Return a scene as replicas make it that forget, and hear of things out of order.

    Args:
        rng: What it is drawn by.
        cart: Whether reads tell which adds count, and removes tell nothing.
    """
    processes, elements = rng.randint(1, 3), rng.randint(1, 2)
    exact, silent = cart or rng.random() < 0.4, cart or rng.random() < 0.4
    hears, forgets = rng.choice((0.2, 0.5, 0.9)), rng.choice((0.0, 0.1, 0.4, 0.8))
    acts: list[Act] = []
    known: list[set[int]] = [set() for _ in range(processes)]
    took: dict[int, frozenset[int]] = {}
    for number in range(rng.randint(3, 8)):
        process = rng.randrange(processes)
        view = known[process]
        view |= {
            one
            for one, act in enumerate(acts)
            if act.kind != READ and rng.random() < hears
        }
        if rng.random() < forgets:
            view -= {one for one in sorted(view) if rng.random() < 0.5}
        element = rng.randrange(elements)
        kind = rng.choices((ADD, REMOVE, READ), (4, 3, 5))[0]
        returned = kind == READ or rng.random() < 0.9
        index = 40 * number
        end = index + (rng.choice((50, 90)) if rng.random() < 0.3 else 20)
        adds = shown = None
        live = _live(acts, view, took)
        if kind == READ:
            element = ALL if exact or rng.random() < 0.8 else element
            live = {one for one in live if element in {ALL, acts[one].element}}
            adds = frozenset(live) if exact else None
            shown = None if exact else frozenset(acts[one].element for one in live)
        elif kind == REMOVE:
            took[number] = frozenset(
                one for one in live if acts[one].element == element
            )
            adds = None if silent or not returned else took[number]
        acts.append(
            Act(
                index=index,
                end=end + number % 7 if returned else FOREVER,
                process=process,
                place=process,
                kind=kind,
                element=element,
                adds=adds,
                elements=shown,
            )
        )
        if kind != READ:
            view.add(number)
    return Scene(_one_by_one(acts), list(range(elements)))


def _one_by_one(acts: list[Act]) -> list[Act]:
    """Return acts none of which begins before the one before it in its process ended."""
    found: list[Act] = []
    for number, act in enumerate(acts):
        later = (one.index for one in acts[number + 1 :] if one.process == act.process)
        end = min(act.end, next(later, FOREVER) - 1) if act.returned else FOREVER
        found.append(msgspec.structs.replace(act, end=end))
    return found


def or_set_of(scene: Scene) -> History:
    """Return the history of a set as the harness would have recorded it."""
    events = []
    for number, act in enumerate(scene.acts):
        given: dict[str, Any] = {"element": act.element}
        told: Any = given
        if act.kind == ADD:
            f, told = "add", {**given, "tag": f"t{number}"}
        elif act.kind == REMOVE:
            f = "remove"
            if act.adds is not None:
                told = {**given, "tags_removed": [f"t{add}" for add in act.adds]}
        elif act.element == ALL:
            f, given = "read", {}
            told = sorted(act.elements or ())
            if act.adds is not None:
                elements = {scene.acts[add].element for add in act.adds}
                tags = [f"t{add}" for add in act.adds]
                told = {"elements": sorted(elements), "tags": tags}
        else:
            f, told = "contains", {**given, "contains": bool(act.elements)}
        events += _two(act, f, given, told)
    return _history(events)


def cart_of(scene: Scene) -> History:
    """Return the history of a cart; of what removes took, it tells nothing."""
    events = []
    quantities = {
        add: 4**power for adds in scene.adds for power, add in enumerate(adds)
    }
    for number, act in enumerate(scene.acts):
        given: dict[str, Any] = {"item": f"item{act.element}"}
        if act.kind == ADD:
            given["qty"] = quantities[number]
            events += _two(act, "add", given, given)
        elif act.kind == REMOVE:
            events += _two(act, "remove", given, given)
        else:
            sums: dict[int, int] = {}
            for add in act.adds or ():
                element = scene.acts[add].element
                sums[element] = sums.get(element, 0) + quantities[add]
            items = [{"item": f"item{one}", "qty": sums[one]} for one in sorted(sums)]
            events += _two(act, "view", None, {"items": items})
    return _history(events)


def _two(act: Act, f: str, given: Any, told: Any) -> list[Event]:
    common = {"process": act.process, "node": f"n{act.place}", "f": f}
    begin = Event(index=act.index, time=act.index, type="invoke", value=given, **common)
    if not act.returned:
        at = act.index + 1
        return [begin, Event(index=at, time=at, type="info", value=given, **common)]
    end = Event(index=act.end, time=act.end, type="ok", value=told, **common)
    return [begin, end]


def _history(events: list[Event]) -> History:
    ordered = sorted(events, key=lambda event: event.index)
    return History.from_events(
        msgspec.structs.replace(event, index=at, time=at * 1_000_000)
        for at, event in enumerate(ordered)
    )


def _live(
    acts: list[Act], seen: Iterable[int], took: Mapping[int, frozenset[int]]
) -> set[int]:
    seen = set(seen)
    gone = set(chain.from_iterable(took.get(one, ()) for one in seen))
    return {one for one in seen if acts[one].kind == ADD} - gone


def verdicts(scene: Scene) -> dict[str, bool]:
    """Return which guarantees some choice of what looks saw keeps."""
    return {name: Oracle(scene, one).holds() for name, one in GUARANTEES.items()}


class Oracle:
    """Tries out everything."""

    def __init__(self, scene: Scene, guarantee: Guarantee) -> None:
        self.acts = scene.acts
        self.guarantee = guarantee
        self.updates = [n for n, act in enumerate(self.acts) if act.kind != READ]
        # Removes that tell nothing, and open ones, take what has to be tried out too.
        self.looks = [n for n in scene.happened if self.acts[n].looks]
        self.seen: dict[int, frozenset[int]] = {}
        self.took: dict[int, frozenset[int]] = {}

    def holds(self) -> bool:
        """Whether there is a choice that keeps the guarantee."""
        open_ = [
            n
            for n in self.updates
            if self.acts[n].kind == REMOVE and not self.acts[n].returned
        ]
        options = []
        for one in open_:
            adds = [
                n
                for n in self.updates
                if self.acts[n].kind == ADD
                and self.acts[n].element == self.acts[one].element
            ]
            options.append([frozenset(some) for some in _subsets(adds)])
        for chosen in product(*options):
            self.took = dict(zip(open_, chosen, strict=True))
            if self._choose(0):
                return True
        return False

    def _choose(self, at: int) -> bool:
        """Try all that looks from one on may have seen."""
        if at == len(self.looks):
            return self._is_right()
        look = self.looks[at]
        act = self.acts[look]
        begun = [n for n in self.updates if n != look and self.acts[n].index < act.end]
        must = {n for n in begun if self._owes(n, look)}
        for some in _subsets([n for n in begun if n not in must]):
            self.seen[look] = frozenset(some) | must
            if self._keeps(at) and self._closed_so_far(at) and self._choose(at + 1):
                return True
        self.seen.pop(look, None)
        return False

    def _owes(self, update: int, look: int) -> bool:
        one, other = self.acts[update], self.acts[look]
        return (
            self.guarantee.own
            and one.process == other.process
            and one.returned
            and one.end < other.index
        )

    def _keeps(self, at: int) -> bool:
        look = self.looks[at]
        if not self.guarantee.keeps:
            return True
        return all(
            self.seen[earlier] <= self.seen[look]
            for earlier in self.looks[:at]
            if self.acts[earlier].process == self.acts[look].process
            and self.acts[earlier].end < self.acts[look].index
        )

    def _closed_so_far(self, at: int) -> bool:
        """Prune what the later looks cannot mend."""
        look = self.looks[at]
        return all(self._follows(look, update) for update in self.seen[look])

    def _follows(self, look: int, update: int) -> bool:
        """Whether a look saw what comes with an update, as far as that is chosen."""
        it, seen = self.acts[update], self.seen[look]
        for other, act in enumerate(self.acts):
            before = act.process == it.process and act.returned and act.end < it.index
            if (
                self.guarantee.issue
                and before
                and act.kind != READ
                and other not in seen
            ):
                return False
            causes = before or other == update
            if self.guarantee.causes and causes and other in self.seen:
                if not self.seen[other] <= seen:
                    return False
                if other == update and update in self.seen[other]:
                    return False
        return True

    def _is_right(self) -> bool:
        if self.guarantee.causes and not all(
            self._follows(look, update)
            for look in self.looks
            for update in self.seen[look]
        ):
            return False
        took = self._taken()
        if took is None:
            return False
        for look in self.looks:
            act = self.acts[look]
            live = _live(list(self.acts), self.seen[look], took)
            live = {n for n in live if act.element in {ALL, self.acts[n].element}}
            if act.adds is not None and live != act.adds:
                return False
            elements = {self.acts[n].element for n in live}
            if (
                act.adds is None
                and act.elements is not None
                and elements != act.elements
            ):
                return False
        return True

    def _taken(self) -> dict[int, frozenset[int]] | None:
        """Return what removes took; None if some have seen each other."""
        took = dict(self.took)
        todo = [n for n in self.looks if self.acts[n].kind == REMOVE]
        while todo:
            ready = [
                n for n in todo
                if all(m in took for m in self.seen[n] if self.acts[m].kind == REMOVE)
            ]  # fmt: skip
            if not ready:
                return None
            for n in ready:
                live = _live(list(self.acts), self.seen[n], took)
                took[n] = frozenset(
                    m for m in live if self.acts[m].element == self.acts[n].element
                )
                todo.remove(n)
        return took


def _subsets(of: list[int]) -> Iterator[tuple[int, ...]]:
    return chain.from_iterable(combinations(of, n) for n in range(len(of) + 1))
