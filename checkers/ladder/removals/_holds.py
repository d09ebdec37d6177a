"""Whether a choice of what looks saw is one, and which guarantees it keeps.

By the definitions, and by nothing that made the choice.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from ._scene import ADD, ALL, READ, REMOVE


if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._choice import Choice, Clock
    from ._guarantees import Guarantee
    from ._scene import Scene


def explains(scene: Scene, choice: Choice, replicas: Sequence[int]) -> bool:
    """Return whether each look shows what it saw. Linear, times the number of replicas.

    Args:
        scene: The scene.
        choice: What looks saw.
        replicas: By act, the number of its replica. Of one, no look saw less than those
            before it.
    """
    acts, chains = scene.acts, choice.chains
    if {look for look in scene.happened if acts[look].looks} != choice.saw.keys():
        return False
    latest = [
        list(accumulate((acts[one].index for one in chain), max)) for chain in chains
    ]
    took = dict(choice.took)
    clocks = [[0] * len(chains) for _ in chains]
    adds: list[dict[int, set[int]]] = [{} for _ in chains]
    dead: list[set[int]] = [set() for _ in chains]
    for look, clock in choice.saw.items():
        act, replica = acts[look], replicas[look]
        live, gone = adds[replica], dead[replica]
        for number, (known, count) in enumerate(
            zip(clocks[replica], clock, strict=True)
        ):
            if count < known:
                return False
            if count and latest[number][count - 1] >= act.end:
                return False
            for update in chains[number][known:count]:
                element = acts[update].element
                if acts[update].kind == ADD:
                    if update not in gone:
                        live.setdefault(element, set()).add(update)
                    continue
                if update not in took or update == look:
                    return False
                for add in took[update]:
                    gone.add(add)
                    live.get(element, set()).discard(add)
                if not live.get(element, True):
                    del live[element]
        clocks[replica] = list(clock)
        if not _shows(scene, look, live):
            return False
        if act.kind == REMOVE:
            took[look] = frozenset(live.get(act.element, ()))
    return True


def _shows(scene: Scene, look: int, live: dict[int, set[int]]) -> bool:
    act = scene.acts[look]
    if act.element != ALL:
        live = {act.element: live[act.element]} if act.element in live else {}
    if act.adds is not None:
        return set().union(*live.values()) == act.adds
    return act.elements is None or live.keys() == act.elements


def keeps(scene: Scene, choice: Choice, guarantee: Guarantee) -> bool:
    """Return whether a choice keeps a guarantee.

    Linear, times the square of the number of replicas.
    """
    acts, chains, saw = scene.acts, choice.chains, choice.saw
    nothing: Clock = (0,) * len(chains)
    own = {
        update: tuple(rank if number == at else 0 for at in range(len(chains)))
        for number, chain in enumerate(chains)
        for rank, update in enumerate(chain, 1)
    }
    wrote, read = [nothing] * scene.processes, [nothing] * scene.processes
    comes_with: dict[int, Clock] = {}
    # An act that returned comes before those of its process that begin afterwards.
    events = [(act.index, 0, number) for number, act in enumerate(acts)]
    events += [(act.end, 1, number) for number, act in enumerate(acts) if act.returned]
    for _, ends, number in sorted(events):
        act = acts[number]
        if not ends:
            if act.looks:
                must = nothing
                must = _join(must, wrote[act.process]) if guarantee.own else must
                must = _join(must, read[act.process]) if guarantee.keeps else must
                if not _covers(saw[number], must):
                    return False
            if number in own:
                must = wrote[act.process] if guarantee.issue else nothing
                if guarantee.causes:
                    must = _join(must, read[act.process])
                    must = _join(must, saw.get(number, nothing))
                comes_with[number] = must
            continue
        if act.looks:
            read[act.process] = _join(read[act.process], saw[number])
        if act.kind != READ:
            if number not in own:
                return False
            wrote[act.process] = _join(wrote[act.process], own[number])
    if not (guarantee.issue or guarantee.causes):
        return True
    needs = [
        [nothing, *accumulate((comes_with[one] for one in chain), _join)]
        for chain in chains
    ]
    return all(
        _covers(clock, needs[number][count])
        for clock in saw.values()
        for number, count in enumerate(clock)
    )


def _join(one: Clock, other: Clock) -> Clock:
    return tuple(map(max, one, other))


def _covers(clock: Clock, other: Clock) -> bool:
    return all(map(int.__ge__, clock, other))
