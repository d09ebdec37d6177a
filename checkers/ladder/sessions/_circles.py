"""Whether acts know of each other, in the end: circles in the causal order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._visibility import NO_ACT


if TYPE_CHECKING:
    from ._visibility import Sights


def is_circular(sights: Sights) -> bool:
    """Return whether an act comes before itself in the causal order.

    An act comes after those before it in its session and after those that it saw, and
    after all that come before these (Ahamad et al. 1995). Linear.
    """
    return any(_unfinished(sights))


def find_circle(sights: Sights) -> list[int]:
    """Return acts each of which comes after the next one, and the last after the first.

    For sights that are circular.
    """
    waiting = _unfinished(sights)
    act = next(act for act, count in enumerate(waiting) if count)
    way: dict[int, int] = {}
    while act not in way:
        way[act] = len(way)
        act = next(cause for cause in _causes_of(sights, act) if waiting[cause])
    return list(way)[way[act] :]


def _unfinished(sights: Sights) -> list[int]:
    """Return, by act, how many come directly before it that come before themselves."""
    waiting: list[int] = []
    followers: dict[int, list[int]] = {}
    for act in range(len(sights)):
        causes = _causes_of(sights, act)
        waiting.append(len(causes))
        for cause in causes:
            followers.setdefault(cause, []).append(act)
    ready = [act for act, count in enumerate(waiting) if not count]
    while ready:
        for follower in followers.pop(ready.pop(), ()):
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    return waiting


def _causes_of(sights: Sights, act: int) -> list[int]:
    """Return the acts directly before one."""
    previous = sights.previous[act]
    causes = sights.shown(act)
    return causes if previous == NO_ACT else [*causes, previous]
