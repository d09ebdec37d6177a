"""From a read that no view explains to the few acts that show why."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from checkers.ladder._shrink import shrink

from ._assembly import only
from ._circles import find_circle
from ._guarantees import find_lapses
from ._visibility import NO_ACT


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from checkers.ladder._shrink import Shrunk

    from ._lapse import Lapse
    from ._visibility import Sights


CHECKS = 1000
"""How many histories may be tried to find a minimal one."""


def narrow(
    sights: Sights,
    level: str,
    process: int,
    lapse: Lapse,
    *,
    is_over: Callable[[], bool],
) -> Shrunk:
    """Return a minimal part of a history that breaks a level like the whole.

    Args:
        sights: The history.
        level: `pram` or `causal`.
        process: The process that has no view.
        lapse: What it found; `find_lapses` gave both.
        is_over: Ends it before its time.
    """

    def fails(acts: Sequence[int]) -> bool:
        found = find_lapses(only(sights, acts)).found.get(level)
        return found is not None and found[1].pattern == lapse.pattern

    graph = _Graph(sights, process, causal=level == "causal")
    if lapse.pattern == "circular":
        start = find_circle(sights)
    else:
        start = graph.between(*lapse.acts)
        if not start or not fails(start):
            start = graph.past(sights.sessions[process])
    shrunk = shrink(
        start,
        fails,
        groupings=(sights.process.__getitem__, sights.key),
        checks=CHECKS,
        is_over=is_over,
    )
    return shrunk._replace(before=len(sights))


class _Graph:
    """Acts with those directly before them: in a view's order, or in the causal one."""

    def __init__(self, sights: Sights, process: int, *, causal: bool) -> None:
        self._sights = sights
        self._process = process
        self._causal = causal

    def _before(self, act: int) -> list[int]:
        sights = self._sights
        if self._causal or sights.process[act] == self._process:
            found = [sights.previous[act], *sights.shown(act)]
        else:
            chain, rank = sights.chain[act], sights.rank[act]
            found = [
                sights.chains[chain][rank - 2] if rank > 1 else sights.before[chain]
            ]
        return [earlier for earlier in found if earlier != NO_ACT]

    def between(self, read: int, update: int) -> list[int]:
        """Return acts that lead from what a read returned to an update, and back to it.

        Of an exact read, those that lead from the update. Empty if nothing leads there.
        Linear.
        """
        way = self._way(update, read)
        source = self._sights.sources.get(read, NO_ACT)
        if source != NO_ACT and way:
            first = self._way(source, update)
            way = first and way | first
        return sorted(way)

    def past(self, acts: Iterable[int]) -> list[int]:
        """Return acts and all that comes before them. Linear."""
        found = set(acts)
        todo = list(found)
        while todo:
            news = set(self._before(todo.pop())) - found
            found |= news
            todo += news
        return sorted(found)

    def _way(self, start: int, end: int) -> set[int]:
        """Return the acts of a shortest way from one to another, both included."""
        came = {end: NO_ACT}
        todo = deque([end])
        while todo and start not in came:
            act = todo.popleft()
            for earlier in self._before(act):
                if earlier not in came:
                    came[earlier] = act
                    todo.append(earlier)
        if start not in came:
            return set()
        way = {start}
        while start != end:
            start = came[start]
            way.add(start)
        return way
