"""Why a process has no view, step by step: for histories of a few acts.

`_views` finds out whether there is a view, and is fast. Here, orders are pairs of acts
with a reason each, and chains of them are what a person can follow.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from ._visibility import NO_ACT


if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._visibility import Sights


class Step(NamedTuple):
    """One act comes before another one.

    Attributes:
        first: The one.
        second: The other.
        because: Why. `session`: the process did them in this order; `issue`: another
            process issued them in this order; `cause`: a process had seen the first
            one, in `by`, when it issued the second one; `seen`: the second one is a
            read that saw the first one; `overwritten`: the read `by` returned the
            second one, and the first one, of the same key, comes before that read.
        by: A third act, if there is one.
    """

    first: int
    second: int
    because: str
    by: int = NO_ACT


class Contradiction(NamedTuple):
    """Why there is no view.

    Attributes:
        pattern: `missing`: the read did not see the update; `initial-value`: the read
            returned the initial value; `overwritten-value`: the read returned what the
            update had overwritten; `circular`: the update comes before itself.
        source: What the read returned, for `overwritten-value`; else `NO_ACT`.
        update: The update.
        read: The read; `NO_ACT` for `circular`.
        steps: From the source, if there is one, to the update, and on to the read.
    """

    pattern: str
    source: int
    update: int
    read: int
    steps: tuple[Step, ...]

    @property
    def is_plain(self) -> bool:
        """Whether it takes nothing but what the order of updates says."""
        return all(step.because != "overwritten" for step in self.steps)


def contradiction(sights: Sights, process: int, *, causal: bool) -> Contradiction:
    """Return why a process that has no view has none, in as few steps as possible.

    Args:
        sights: A history of a few acts: this takes their number to the fourth.
        process: The process.
        causal: Whether its view is to keep the causal order, or else that of issue.
    """
    order = _Order(sights, process, causal=causal)
    while True:
        found = list(order.contradictions())
        if found:
            return min(found, key=lambda one: (len(one.steps), one))
        has_grown = order.grow()
        assert has_grown, "there is no view, so that something contradicts the order"


class _Order:
    """Acts with what comes directly after them, and why."""

    def __init__(self, sights: Sights, process: int, *, causal: bool) -> None:
        self._sights = sights
        self._process = process
        self._after: dict[int, dict[int, Step]] = {}
        for update in range(len(sights)):
            if sights.updates(update):
                self._add_issue(update)
        for session in sights.sessions:
            is_own = sights.process[session[0]] == process
            if causal or is_own:
                self._add_session(session, is_own=is_own)

    def _add(self, step: Step) -> None:
        self._after.setdefault(step.first, {}).setdefault(step.second, step)

    def _add_issue(self, update: int) -> None:
        sights = self._sights
        chain, rank = sights.chain[update], sights.rank[update]
        earlier = sights.chains[chain][rank - 2] if rank > 1 else sights.before[chain]
        if earlier != NO_ACT:
            self._add(Step(earlier, update, "issue"))

    def _add_session(self, session: list[int], *, is_own: bool) -> None:
        sights = self._sights
        for act in session:
            previous = sights.previous[act]
            if is_own and previous != NO_ACT:
                self._add(Step(previous, act, "session"))
            for update in sights.shown(act) if is_own else ():
                self._add(Step(update, act, "seen"))
            if not sights.updates(act) or is_own:
                continue
            while previous != NO_ACT:
                for update in sights.shown(previous):
                    self._add(Step(update, act, "cause", previous))
                previous = sights.previous[previous]
            for update in sights.shown(act):
                self._add(Step(update, act, "cause", act))

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield what contradicts the order as it is."""
        sights = self._sights
        for read in sights.reads(self._process):
            source = sights.sources.get(read, NO_ACT)
            for update, path in self._overwriting(read):
                if sights.exact:
                    yield Contradiction("missing", NO_ACT, update, read, path)
                elif source == NO_ACT:
                    yield Contradiction("initial-value", NO_ACT, update, read, path)
                else:
                    way = self._path(source, update)
                    if way:
                        yield Contradiction(
                            "overwritten-value", source, update, read, way + path
                        )
        for update in range(len(sights)):
            circle = self._path(update, update) if sights.updates(update) else ()
            if circle:
                yield Contradiction("circular", NO_ACT, update, NO_ACT, circle)

    def grow(self) -> bool:
        """Put what comes before a read, and was not returned, before what was.

        False if it is all there already.
        """
        found = [
            Step(update, self._sights.sources[read], "overwritten", read)
            for read in self._sights.reads(self._process)
            for update, _ in self._overwriting(read)
        ]
        news = [
            step for step in found if step.second not in self._after.get(step.first, ())
        ]
        for step in news:
            self._add(step)
        return bool(news)

    def _overwriting(self, read: int) -> Iterator[tuple[int, tuple[Step, ...]]]:
        """Yield the updates before a read, of its key, that it did not show, and why."""
        sights = self._sights
        for lane in sights.lanes[sights.key(read)].values():
            for update in lane:
                shown = (
                    sights.has_seen(read, update)
                    if sights.exact
                    else sights.sources[read] == update
                )
                path = () if shown or update == read else self._path(update, read)
                if path:
                    yield update, path

    def _path(self, start: int, end: int) -> tuple[Step, ...]:
        """Return the shortest way from an act to another; empty if there is none."""
        came: dict[int, Step] = {}
        todo = deque([start])
        while todo and end not in came:
            for second, step in self._after.get(todo.popleft(), {}).items():
                if second not in came:
                    came[second] = step
                    todo.append(second)
        if end not in came:
            return ()
        steps = [came[end]]
        while steps[-1].first != start:
            steps.append(came[steps[-1].first])
        return tuple(reversed(steps))
