"""When faults strike: at intervals, in phases, or as they did before."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from random import Random

    from harness.spec import Change

    from ._nemesis import Nemesis

_SHORTEST_NS = 1_000_000
"""Time between two changes at the least: faults must not take all the time there is."""


class Schedule(Protocol):
    """Decides what a nemesis does when."""

    def start(self, nemesis: Nemesis) -> None:
        """Enter what comes first, for as long as `nemesis.running`."""


class Intervals:
    """Every fault comes and goes by itself.

    It begins at a time uniform in [0, interval), so that operations before, during and
    after a fault are seen in short runs too; every later gap is uniform in
    [0, 2 · interval), which is Maelstrom's.
    """

    def __init__(self, interval_ns: int, rng: Callable[[str], Random]) -> None:
        self._interval_ns = interval_ns
        self._rng = rng

    def start(self, nemesis: Nemesis) -> None:
        """Enter the beginning of every fault."""
        for name in nemesis.names:
            rng = self._rng(f"nemesis/{name}")
            self._later(nemesis, name, rng, rng.random())

    def _later(self, nemesis: Nemesis, name: str, rng: Random, gap: float) -> None:
        """Enter the next change of a fault after so many intervals."""
        due = nemesis.agenda.now + max(_SHORTEST_NS, int(gap * self._interval_ns))
        nemesis.agenda.at(due, self._change, nemesis, name, rng)

    def _change(self, nemesis: Nemesis, name: str, rng: Random) -> None:
        if not nemesis.running:
            return
        if nemesis.is_in_force(name):
            nemesis.end(name)
        else:
            plan = nemesis.draw(name, rng)
            if plan is None:
                return  # There never will be anything to strike.
            nemesis.begin(name, plan)
        self._later(nemesis, name, rng, 2 * rng.random())


class Phases:
    """One fault after the other, each for an interval and between two barriers.

    What nodes show after a barrier does not depend on faults that were before, so
    that a violation is the work of the one fault that came between. All faults have
    their turn, in random order, before one has its second.
    """

    def __init__(self, interval_ns: int, rng: Callable[[str], Random]) -> None:
        self._interval_ns = interval_ns
        self._rng = rng
        self._order = rng("nemesis/phases")
        self._turns: deque[str] = deque()

    def start(self, nemesis: Nemesis) -> None:
        """Enter the first barrier."""
        rngs = {name: self._rng(f"nemesis/{name}") for name in nemesis.names}

        def strike() -> None:
            for _ in nemesis.names:
                name = self._turn(nemesis)
                plan = nemesis.draw(name, rngs[name])
                if plan is not None:
                    nemesis.begin(name, plan)
                    due = nemesis.agenda.now + self._interval_ns
                    nemesis.agenda.at(due, heal, name)
                    return

        def heal(name: str) -> None:
            if nemesis.running:
                nemesis.end(name)
                nemesis.barrier(strike)

        if nemesis.names:
            nemesis.barrier(strike)

    def _turn(self, nemesis: Nemesis) -> str:
        if not self._turns:
            self._turns.extend(self._order.sample(nemesis.names, len(nemesis.names)))
        return self._turns.popleft()


class Replay:
    """What another run did, at the same times.

    A change waits for the barrier before it. What would be stopped and is not in
    force is left alone.
    """

    def __init__(self, changes: Iterable[Change]) -> None:
        self._changes = deque(changes)

    def start(self, nemesis: Nemesis) -> None:
        """Enter the first change."""
        self._go_on(nemesis)

    def _go_on(self, nemesis: Nemesis) -> None:
        """Do all that is due, in order."""
        while self._changes and nemesis.running:
            change = self._changes[0]
            due = nemesis.began + change.time_ns
            if due > nemesis.agenda.now:
                nemesis.agenda.at(due, self._go_on, nemesis)
                return
            self._changes.popleft()
            verb, _, name = change.f.partition("-")
            if verb == "barrier":
                nemesis.barrier(lambda: self._go_on(nemesis))
                return
            if verb == "start":
                nemesis.begin(name, change.value)
            elif nemesis.is_in_force(name):
                nemesis.end(name)


def faults_of(changes: Iterable[Change]) -> tuple[str, ...]:
    """Return the names of the faults that changes start, by first start."""
    names = (change.f.partition("-") for change in changes)
    return tuple(dict.fromkeys(name for verb, _, name in names if verb == "start"))
