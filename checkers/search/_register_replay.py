"""From the choices of a register search to the order they stand for.

As in `_replay`, but a search that hides writes has choices with a second meaning: the
complement of a number says that a write was discharged. It belongs where it was
hidden first, immediately before an operation that was put in the order then or later.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from ._problem import KIND_FAILED_CAS, KIND_READ, KIND_WRITE
from ._register_rules import LOST
from ._replay import choices


if TYPE_CHECKING:
    from ._register_rules import Register
    from ._replay import Path
    from ._window import Window


def replay(window: Window, register: Register, path: Path) -> tuple[array[int], int]:
    """Return the order that a register search's choices lead to, and the value after.

    What is done without a choice is put in the order by number.
    """
    it = _Replay(window, register)
    it.settle()
    for choice in choices(path):
        it.choose(choice)
        it.settle()
    order = it.whole_order()
    state = 0
    for i in order:
        state = window.problem.automaton.step(state, window.problem.classes[i])
    return order, state


class _Replay:
    """What a register search has at one moment, with names in place of bits."""

    def __init__(self, window: Window, register: Register) -> None:
        self._window = window
        self._register = register
        self._event = 0
        self._state = 0
        self._order: list[int] = []  # without what was discharged
        self._places: dict[int, int] = {}  # where in it a hidden write could be
        self._discharged: set[int] = set()
        self._done = bytearray(len(window.problem))
        self._checks: dict[int, int] = {}  # in flight and not done, with their classes
        self._writes: dict[int, int] = {}

    def settle(self) -> None:
        """Do what is done without a choice."""
        self._pass_events()
        while self._lose():
            self._pass_events()

    def choose(self, choice: int) -> None:
        """Put an operation in the order, or discharge a write."""
        if choice < 0:
            self._discharged.add(~choice)
            self._done[~choice] = True
            del self._writes[~choice]
            return
        register, cls = self._register, self._window.problem.classes[choice]
        if register.kind[cls] == KIND_WRITE:
            self._write(choice)
            self._state = register.a[cls]
        else:
            self._put(choice)
            self._state = register.b[cls]
            for i, other in self._writes.items():
                if register.a[other] == self._state:
                    self._hide(i)
        for i in [i for i, check in self._checks.items() if self._is_legal(check)]:
            del self._checks[i]
            self._put(i)

    def whole_order(self) -> array[int]:
        """Return the order with the discharged writes where they were hidden."""
        hidden: dict[int, list[int]] = {}
        for i, place in self._places.items():
            if i in self._discharged:
                hidden.setdefault(place, []).append(i)
        whole = array("I")
        for place, i in enumerate(self._order):
            whole.extend(hidden.get(place, ()))
            whole.append(i)
        whole.extend(hidden.get(len(self._order), ()))
        return whole

    def _pass_events(self) -> None:
        window, register, done = self._window, self._register, self._done
        while self._event < window.end:
            i = window.numbers[self._event]
            if window.returning[self._event]:
                if not done[i]:
                    return
            elif window.calling[self._event]:
                cls = window.problem.classes[i]
                kind = register.kind[cls]
                if kind == KIND_WRITE:
                    self._writes[i] = cls
                    if register.a[cls] == self._state:
                        self._hide(i)
                elif kind in {KIND_READ, KIND_FAILED_CAS}:
                    if self._is_legal(cls):
                        self._put(i)
                    else:
                        self._checks[i] = cls
            self._event += 1

    def _lose(self) -> bool:
        """Apply the quotient; return whether that did anything."""
        register, event = self._register, self._event
        if event == self._window.end:
            return False
        if self._state != LOST and register.need[self._state] <= event:
            self._state = LOST
        if self._state != LOST:
            return False
        lost = [
            i
            for i, cls in self._writes.items()
            if register.need[register.a[cls]] <= event
        ]
        for i in lost:
            if register.checked > event:
                self._hide(i)
            else:
                self._write(i)
        return bool(lost) and register.checked <= event

    def _is_legal(self, check: int) -> bool:
        same = self._register.a[check] == self._state
        return same is (self._register.kind[check] == KIND_READ)

    def _write(self, i: int) -> None:
        self._writes.pop(i, None)  # open ones are not there
        self._places.pop(i, None)
        for other in self._writes:
            self._hide(other)
        self._put(i)

    def _hide(self, i: int) -> None:
        self._places.setdefault(i, len(self._order))

    def _put(self, i: int) -> None:
        self._order.append(i)
        self._done[i] = True
