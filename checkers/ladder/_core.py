"""From a history that no order explains to a minimal part that none explains either.

What is left has to fail *as the whole does*. If the write of a value is left out and
the read of it stays, no order explains that either, but it says nothing about the
history. So as long as the operations of the whole can be explained in some order,
whatever real time and processes say, those of the part have to be as well: every
result keeps its cause.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from checkers.search import REAL_TIME, Answer, Budget, search

from ._decide import decide_part
from ._shrink import shrink
from ._subproblem import restrict, unordered


if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from checkers.search import Order, Problem, RegistersView, RegisterView

    from ._shrink import Shrunk


CHECKS = 2_000
"""How many parts may be tried."""

NODES = 20_000
"""Nodes that a search of a part may visit, if that of the whole took no more than half;
a part that takes more is not taken."""

MOST_REORDERED = 300
"""Operations of which it is searched whether some order explains them."""

READ, WRITE, CAS, FAILED_CAS = range(4)
"""Kinds of classes, as in `RegisterView`."""


class Core(NamedTuple):
    """A minimal part of a history that no order explains.

    Attributes:
        problem: The part.
        answer: The answer to it: no, by the method that gave it for the whole.
        before: Operations of the whole.
        is_minimal: Whether nothing can be left out.
    """

    problem: Problem
    answer: Answer
    before: int
    is_minimal: bool


def find_core(
    problem: Problem, order: Order, answer: Answer, *, is_over: Callable[[], bool]
) -> Core:
    """Return a minimal part of a problem to which the answer is no.

    Args:
        problem: The problem.
        order: What was to be kept.
        answer: The answer, which is no.
        is_over: Ends it before its time.
    """
    nodes = max(NODES, 2 * answer.nodes)

    def fails(operations: Sequence[int]) -> bool:
        budget = Budget(nodes=nodes, cancelled=is_over)
        return decide_part(restrict(problem, operations), order, budget).outcome == "no"

    everything, is_minimal = range(len(problem)), False
    left = _begin(problem, order, answer, fails)
    keeps_causes = _has_causes(problem, everything)
    if keeps_causes and not _has_causes(problem, left):
        left = everything
    if keeps_causes is None:
        keeps_causes = _has_causes(problem, left)
    if keeps_causes is None:
        left = _without_pure(problem, left, fails, is_over).operations
        keeps_causes = _has_causes(problem, left)
    if keeps_causes is not None:

        def still_fails(operations: Sequence[int]) -> bool:
            return (
                not keeps_causes or _has_causes(problem, operations) is True
            ) and fails(operations)

        shrunk = shrink(
            left,
            still_fails,
            groupings=_groupings(problem),
            checks=CHECKS,
            is_over=is_over,
        )
        left, is_minimal = shrunk.operations, shrunk.is_minimal
    part = restrict(problem, left)
    found = Answer(outcome="no", method=answer.method)
    if len(left) <= MOST_REORDERED:
        # A test gives an answer, and a search an order that comes far.
        searched = search(part, order, Budget(nodes=nodes))
        if searched.outcome == "no":
            found = msgspec.structs.replace(searched, method=answer.method)
    return Core(part, found, len(problem), is_minimal)


def _begin(
    problem: Problem,
    order: Order,
    answer: Answer,
    fails: Callable[[Sequence[int]], bool],
) -> Sequence[int]:
    """Return a part that is easy to find and fails.

    That is what a polynomial test has named. Else, in real time, it is all that was
    called before what could not be placed returned: nothing later has to do with it.
    """
    named = sorted({i for i in answer.explanation.get("operations", ()) if i >= 0})
    if named and fails(named) and _has_causes(problem, named):
        return named
    stuck = answer.explanation.get("stuck")
    everything = range(len(problem))
    if stuck is None or order.kind == "program":
        return everything
    called = [i for i in everything if problem.calls[i] < problem.returns[stuck]]
    return called if len(called) == len(problem) or fails(called) else everything


def _without_pure(
    problem: Problem,
    operations: Sequence[int],
    fails: Callable[[Sequence[int]], bool],
    is_over: Callable[[], bool],
) -> Shrunk:
    """Leave out what changes nothing: that takes no cause from any result."""
    pure = problem.automaton.pure
    acting = [i for i in operations if not pure[problem.classes[i]]]
    reads = [i for i in operations if pure[problem.classes[i]]]
    shrunk = shrink(
        reads,
        lambda some: fails(sorted([*acting, *some])),
        checks=CHECKS,
        is_over=is_over,
    )
    return shrunk._replace(operations=tuple(sorted([*acting, *shrunk.operations])))


def _has_causes(problem: Problem, operations: Sequence[int]) -> bool | None:
    """Return whether some order explains operations; None if that takes too long."""
    view = problem.register or problem.registers
    if view is not None:
        classes = {problem.classes[i] for i in operations}
        if not _are_written(view, classes):
            return False
        if all(view.kind[cls] not in {CAS, FAILED_CAS} for cls in classes):
            return True
    if len(operations) > MOST_REORDERED:
        return None
    part = unordered(restrict(problem, operations))
    outcome = decide_part(part, REAL_TIME, Budget(nodes=NODES)).outcome
    return None if outcome == "unknown" else outcome == "yes"


def _are_written(view: RegisterView | RegistersView, classes: set[int]) -> bool:
    """Whether every value that is found is written, or the initial one."""
    keys = getattr(view, "key", bytearray(len(view.kind)))
    written = {(key, 0) for key in keys}
    for cls in classes:
        if view.kind[cls] == WRITE:
            written.add((keys[cls], view.a[cls]))
        elif view.kind[cls] == CAS:
            written.add((keys[cls], view.b[cls]))
    return all(
        (keys[cls], view.a[cls]) in written
        for cls in classes
        if view.kind[cls] in {READ, CAS}
    )


def _groupings(problem: Problem) -> list[Callable[[int], Hashable]]:
    """Return by what operations belong together: key, process, and value."""
    found: list[Callable[[int], Hashable]] = []
    classes, table = problem.classes, problem.table
    registers, register = problem.registers, problem.register
    if registers is not None:
        found.append(lambda i: registers.key[classes[i]])
    found.append(problem.processes.__getitem__)
    if registers is not None:
        found.append(
            lambda i: (registers.key[classes[i]], _value(registers, classes[i]))
        )
    elif register is not None:
        found.append(lambda i: _value(register, classes[i]))
    elif table is not None:
        found.append(lambda i: max(table.input[classes[i]], table.output[classes[i]]))
    return found


def _value(view: RegisterView | RegistersView, cls: int) -> int:
    return view.b[cls] if view.kind[cls] == CAS else view.a[cls]
