"""What each act knows of: vector clocks, unless acts know of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._visibility import NO_ACT


if TYPE_CHECKING:
    from ._visibility import Clock, Sights


def causal_clocks(sights: Sights) -> list[Clock] | None:
    """Return the clock of each act: the updates that it knows of, itself included.

    An act knows of those that are before it in its session, of those that it saw, and
    of all that these know of. This is the causal order of Ahamad et al., less what is
    no update. None: it is circular. Linear, times the number of chains.
    """
    nothing: Clock = (0,) * len(sights.chains)
    found: list[Clock | None] = [None] * len(sights)
    waiting, followers = _causes(sights)
    ready = [act for act, count in enumerate(waiting) if not count]
    done = 0
    while ready:
        act = ready.pop()
        done += 1
        previous = sights.previous[act]
        clock = nothing if previous == NO_ACT else found[previous]
        assert clock is not None, "what comes before is done before"
        for cause in sights.shown(act):
            if clock[sights.chain[cause]] < sights.rank[cause]:
                known = found[cause]
                assert known is not None, "what comes before is done before"
                clock = tuple(map(max, clock, known))
        if sights.updates(act):
            chain = sights.chain[act]
            clock = (*clock[:chain], sights.rank[act], *clock[chain + 1 :])
        found[act] = clock
        for follower in followers.pop(act, ()):
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    if done < len(sights):
        return None
    return [clock for clock in found if clock is not None]


def find_circle(sights: Sights) -> list[int]:
    """Return acts each of which knows of the next one, and the last of the first.

    For sights without causal clocks.
    """
    waiting, followers = _causes(sights)
    ready = [act for act, count in enumerate(waiting) if not count]
    while ready:
        for follower in followers.pop(ready.pop(), ()):
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    act = next(act for act, count in enumerate(waiting) if count)
    way: dict[int, int] = {}
    while act not in way:
        way[act] = len(way)
        act = next(cause for cause in _causes_of(sights, act) if waiting[cause])
    return list(way)[way[act] :]


def _causes(sights: Sights) -> tuple[list[int], dict[int, list[int]]]:
    """Return how many acts come directly before each, and which ones after each."""
    waiting: list[int] = []
    followers: dict[int, list[int]] = {}
    for act in range(len(sights)):
        causes = _causes_of(sights, act)
        waiting.append(len(causes))
        for cause in causes:
            followers.setdefault(cause, []).append(act)
    return waiting, followers


def _causes_of(sights: Sights, act: int) -> list[int]:
    """Return the acts directly before one."""
    previous = sights.previous[act]
    causes = sights.shown(act)
    return causes if previous == NO_ACT else [*causes, previous]
