"""Rule 8 of the searches: give up a state that leads nowhere.

Some data types cannot come back: a list that only grows must be a prefix of what is
read from it later, a sum must not be past it. Their models say so in `can_lead`, and
a configuration is given up if an operation that must still come cannot. Of those that
must come, the pure ones are asked, as they say most about the state: those that
return next, for the others will be asked in time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.models import Model


if TYPE_CHECKING:
    from ._chains import Chains
    from ._problem import Automaton
    from ._window import Window


PURE_AHEAD = 4
"""Operations that are asked at an event."""


def looks_ahead(automaton: Automaton) -> bool:
    """Return whether a model says more than that every state may lead anywhere."""
    return type(automaton.model).can_lead is not Model.can_lead


class _Prospects(dict[int, bool]):
    """By class, whether a state can lead to it, asked of the automaton once each."""

    __slots__ = ("_automaton", "_state")

    def __init__(self, automaton: Automaton, state: int) -> None:
        self._automaton = automaton
        self._state = state

    def __missing__(self, cls: int) -> bool:
        can_lead = self[cls] = self._automaton.can_lead(self._state, cls)
        return can_lead


class _Lookahead(dict[int, _Prospects]):
    """Prospects by state."""

    __slots__ = ("_automaton",)

    def __init__(self, automaton: Automaton) -> None:
        self._automaton = automaton

    def __missing__(self, state: int) -> _Prospects:
        prospects = self[state] = _Prospects(self._automaton, state)
        return prospects


class EventLookahead(_Lookahead):
    """Looks ahead along events: at the first `PURE_AHEAD` by return.

    These are counted among the pure operations that return and are not in the order.
    """

    __slots__ = ("_first", "_sights")

    def __init__(self, window: Window) -> None:
        problem = window.problem
        super().__init__(problem.automaton)
        pure, classes = problem.automaton.pure, problem.classes
        self._sights: list[tuple[int, int, int]] = []
        self._first: list[int] = []
        for event, i in enumerate(window.numbers):
            self._first.append(len(self._sights))
            if window.returning[event] and pure[classes[i]]:
                sight = (problem.calls[i], window.returning[event], classes[i])
                self._sights.append(sight)

    def is_hopeless(self, event: int, done: int, state: int) -> bool:
        """Return whether one of them can never be legal again."""
        prospects = self[state]
        sights = self._sights
        left = PURE_AHEAD
        for at in range(self._first[event], len(sights)):
            call, bit, cls = sights[at]
            if call > event or not done & bit:
                if not prospects[cls]:
                    return True
                left -= 1
                if not left:
                    break
        return False


class ChainLookahead(_Lookahead):
    """Looks ahead along chains: at the next pure operation of each."""

    __slots__ = ("_sights",)

    def __init__(self, chains: Chains) -> None:
        problem = chains.problem
        super().__init__(problem.automaton)
        pure, classes = problem.automaton.pure, problem.classes
        self._sights: list[list[int]] = []
        for mates in chains.chains:
            ahead = [-1]
            for i in reversed(mates[:-1]):
                ahead.append(classes[i] if pure[classes[i]] else ahead[-1])
            ahead.reverse()
            self._sights.append(ahead)

    def is_hopeless(self, fronts: list[int], state: int) -> bool:
        """Return whether one of them can never be legal again."""
        prospects = self[state]
        for sights, front in zip(self._sights, fronts, strict=True):
            cls = sights[front]
            if cls >= 0 and not prospects[cls]:
                return True
        return False
