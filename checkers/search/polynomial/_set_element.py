"""Linearizability of one element of a set, by what changed it: exact, in `n log n`.

Source: a greedy schedule by earliest deadlines, as in `_counter`, for two directions.

An add or a remove that says it has changed the set is a flip; one that says it has not,
and every `contains`, is an observation. Flips of the two directions alternate. Walk
through the events and flip only when something that returns would else be missing: an
observation of the other state, or a flip that has not been made. If it is a flip, and
the state is already there, the other flip is made first. A flip always uses the
operation of its direction that returns first, open ones last; observations take effect
as soon as the state is theirs. As in `_counter`, what is left is what can wait longest.

An open add or remove is a flip that may be made, as one that changes nothing need not
have taken effect.

Answers None for an order other than real time; for anything but a set of which one
element is asked for; and where an add or a remove has returned and did not say whether
it changed the set.

Violations, with their operations:

* `no-flip`: the operation that could not have taken effect when it returned, because the
  element could not have been added (`missing` is `add`) or removed (`remove`).
"""

from __future__ import annotations

from array import array
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from checkers import kernel
from checkers.models import ADDING, TRUE, Set
from checkers.search._problem import OPEN

from ._answers import no, yes
from ._events import events_of


if TYPE_CHECKING:
    from checkers.search._order import Answer, Order
    from checkers.search._problem import Problem


METHOD = "set-element"


def test(problem: Problem, order: Order) -> Answer | None:
    """Return whether an element of a set is linearizable; see the module."""
    if order.kind != "real-time":
        return None
    roles = _roles(problem)
    if roles is None:
        return None
    automaton = problem.automaton
    present = (
        bool(roles) and automaton.call(min(roles)).input in automaton.model.initial
    )
    if kernel.native():
        return _in_kernel(problem, order, roles, present=present)
    return _Sweep(problem, roles, present=present).run()


def _in_kernel(
    problem: Problem,
    order: Order,
    roles: dict[int, tuple[bool, bool]],
    *,
    present: bool,
) -> Answer | None:
    codes = bytearray(len(problem.automaton.pure))
    for cls, (flips, behind) in roles.items():
        codes[cls] = flips + 2 * behind
    first = array("I", [0] * present)
    said = kernel.Roles(roles=codes, first=first)
    verdict = kernel.decide_by(METHOD, problem, order, said)
    if verdict is None:
        return None
    if verdict.outcome == "yes":
        return yes(METHOD, verdict.operations)
    missing = "add" if verdict.facts[0] else "remove"
    return no(METHOD, verdict.violation, verdict.operations, missing=missing)


def _roles(problem: Problem) -> dict[int, tuple[bool, bool]] | None:
    """Return, by class: whether it is a flip, and whether the element is there behind.

    None if it is no set, or not one element of it, or not clear.
    """
    automaton, table = problem.automaton, problem.table
    if table is None or not isinstance(automaton.model, Set):
        return None
    calls = {cls: automaton.call(cls) for cls in sorted(set(problem.classes))}
    elements = {call.input for call in calls.values()}
    if len(elements) > 1 or any(call.f == "read" for call in calls.values()):
        return None
    vague = {cls for cls, call in calls.items() if not call.known}
    if vague and any(
        cls in vague and end != OPEN
        for cls, end in zip(problem.classes, problem.returns, strict=True)
    ):
        return None
    return {
        cls: (False, call.output == TRUE)
        if call.f == "contains"
        else (not call.known or call.output == TRUE, call.f in ADDING)
        for cls, call in calls.items()
    }


class _Sweep:
    """The walk through the events."""

    def __init__(
        self, problem: Problem, roles: dict[int, tuple[bool, bool]], *, present: bool
    ) -> None:
        self._problem, self._roles, self._present = problem, roles, present
        self._placed = bytearray(len(problem))
        self._order: list[int] = []
        # By the state that they want: flips by return, and observations.
        self._flips: tuple[list[int], list[int]] = ([], [])
        self._waiting: tuple[list[int], list[int]] = ([], [])

    def run(self) -> Answer:
        """Walk through all events."""
        classes, returns = self._problem.classes, self._problem.returns
        size = len(self._problem)
        for event in events_of(self._problem):
            i = event if event >= 0 else ~event
            if self._placed[i]:
                continue
            flips, present = self._roles[classes[i]]
            if event < 0:
                if flips:
                    heappush(self._flips[present], returns[i] * size + i)
                elif self._present is present:
                    self._place(i)
                else:
                    self._waiting[present].append(i)
                continue
            while not self._placed[i]:
                following = not self._present
                if not self._flips[following]:
                    missing = "add" if following else "remove"
                    return no(METHOD, "no-flip", (i,), missing=missing)
                self._flip(present=following)
        return yes(METHOD, self._order)

    def _flip(self, *, present: bool) -> None:
        """Change the state, and let those take effect that wait for it."""
        self._place(heappop(self._flips[present]) % len(self._problem))
        self._present = present
        for i in self._waiting[present]:
            self._place(i)
        self._waiting[present].clear()

    def _place(self, i: int) -> None:
        self._placed[i] = True
        self._order.append(i)
