"""From the choices of a search along chains to the order they stand for."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from ._chains import NOBODY
from ._problem import OPEN
from ._replay import choices


if TYPE_CHECKING:
    from ._chains import Chains
    from ._replay import Path
    from ._sources import Sources


def replay(
    chains: Chains, sources: Sources | None, path: Path
) -> tuple[array[int], int]:
    """Return the order that the choices lead to, and the state after it.

    What needs no choice is there in rounds: all pure operations that are due and
    legal, by number; where there are none, the first idle write that is due.
    """
    it = _Replay(chains, sources)
    it.settle()
    for choice in choices(path):
        it.put(choice)
        it.settle()
    return it.order, it.state


class _Replay:
    """What a search along chains has at one moment."""

    def __init__(self, chains: Chains, sources: Sources | None) -> None:
        self.order = array("I")
        self.state = 0
        self._chains = chains
        self._sources = sources
        self._fronts = [0] * len(chains.chains)
        self._rank = 0
        self._used = 0
        self._bits = {
            one.number: one.bit for opens in chains.opens.values() for one in opens
        }

    def put(self, i: int) -> None:
        """Put an operation in the order."""
        problem = self._chains.problem
        self.order.append(i)
        self.state = problem.automaton.step(self.state, problem.classes[i])
        if problem.returns[i] == OPEN:
            self._used |= self._bits[i]
        else:
            self._fronts[self._chains.chain_of[i]] += 1

    def settle(self) -> None:
        """Put in the order what needs no choice."""
        automaton, classes = (
            self._chains.problem.automaton,
            self._chains.problem.classes,
        )
        while True:
            due = self._due()
            pure = [
                i
                for i in due
                if automaton.pure[classes[i]]
                and automaton.step(self.state, classes[i]) >= 0
            ]
            idle = [] if pure else [i for i in due if self._is_idle(classes[i])][:1]
            if not pure and not idle:
                return
            for i in pure or idle:
                self.put(i)

    def _due(self) -> list[int]:
        """Return the operations that return and could be next, by number."""
        chains, fronts = self._chains, self._fronts
        first = chains.by_return[self._rank]
        while first != NOBODY and fronts[chains.chain_of[first]] > chains.place[first]:
            self._rank += 1
            first = chains.by_return[self._rank]
        now = chains.problem.returns[first] if first != NOBODY else OPEN
        return sorted(
            mates[front]
            for mates, front in zip(chains.chains, fronts, strict=True)
            if mates[front] != NOBODY and chains.opening[mates[front]] <= now
        )

    def _is_idle(self, cls: int) -> bool:
        return self._sources is not None and self._sources.is_idle(
            cls, self.state, self._fronts, self._used
        )
