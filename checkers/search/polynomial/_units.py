"""Counters whose deltas are all equal: a read is a number of adds."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

from checkers import kernel
from checkers.models import GCounter, PnCounter

from ._answers import no, yes


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from checkers.search._order import Answer, Order
    from checkers.search._problem import Problem


ADD = -1
IDLE = -2

MOST = 2**31 - 1
"""The highest level that the kernel can count to."""


class Units(NamedTuple):
    """A counter by its classes.

    Attributes:
        level: By class: how many adds a read has seen; -1 for an add, -2 for what is
            legal everywhere and changes nothing, or does not occur.
    """

    level: list[int]

    def idle(self, problem: Problem) -> list[int]:
        """Return the operations of the latter kind."""
        level = self.level
        return [i for i, cls in enumerate(problem.classes) if level[cls] == IDLE]


def in_units(problem: Problem, method: str) -> Units | Answer | None:
    """Return a counter in units; None if it is none, or its deltas differ.

    An add of 0 is no delta. The common delta may be negative. A no is returned for a
    read that no number of adds leads to.
    """
    automaton = problem.automaton
    model = automaton.model
    if problem.table is None or not isinstance(model, GCounter | PnCounter):
        return None
    occurring = sorted(set(problem.classes))
    calls = {cls: automaton.call(cls) for cls in occurring}
    deltas = {call.input for call in calls.values() if call.f == "add" and call.input}
    if len(deltas) > 1:
        return None
    delta = deltas.pop() if deltas else 0
    level = [IDLE] * len(problem.table)
    impossible = set()
    for cls, call in calls.items():
        if call.f == "add":
            level[cls] = ADD if call.input else IDLE
        elif call.known:
            total = call.output - model.initial
            adds, rest = divmod(total, delta) if delta else (0, total)
            level[cls] = adds
            if rest or adds < 0:
                impossible.add(cls)
    for i, cls in enumerate(problem.classes if impossible else ()):
        if cls in impossible:
            value = calls[cls].output
            return no(method, "impossible-value", (i,), value=value, delta=delta)
    return Units(level)


def in_kernel(
    problem: Problem,
    order: Order,
    units: Units,
    method: str,
    facts: Mapping[str, Sequence[str]],
) -> Answer | None:
    """Return what the kernel says; None if it is not to be used.

    Args:
        problem: A problem of a counter.
        order: What the method is for.
        units: The counter in units.
        method: The name of the test.
        facts: By violation: what its facts are called.
    """
    if not kernel.native() or max(units.level, default=0) > MOST:
        return None
    said = kernel.Roles(roles=b"", a=array("i", units.level))
    verdict = kernel.decide_by(method, problem, order, said)
    if verdict is None:
        return None
    if verdict.outcome == "yes":
        return yes(method, verdict.operations)
    names = facts.get(verdict.violation, ())
    named: dict[str, Any] = dict(zip(names, verdict.facts, strict=True))
    return no(method, verdict.violation, verdict.operations, **named)
