"""From a history that no order explains to a minimal part that none explains either.

What is left has to fail *as the whole does*. If the write of a value is left out and
the read of it stays, no order explains that either, but it says nothing about the
history. So results keep their causes: as long as some order explains the whole,
whatever real time and processes say, one explains the part; else, as long as each
result of the whole is explained by some of the other operations, each of the part is.
A result that is not even that is the whole story by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from checkers.search import Answer, Budget, search

from ._causes import KIND_CAS, are_possible, has_order, impossible
from ._decide import decide
from ._shrink import shrink
from ._subproblem import restrict


if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from checkers.search import Order, Problem, RegistersView, RegisterView

    from ._shrink import Shrunk


MOST_SEARCHED = 300
"""Operations of a part that the search is asked about again, for what it knows of it."""

CHECKS = 2_000
"""How many parts may be tried."""

NODES = 20_000
"""Nodes that a search of a part may visit, if that of the whole took no more than half;
a part that takes more is not taken."""


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
        return decide(restrict(problem, operations), order, budget).outcome == "no"

    everything, is_minimal = range(len(problem)), False
    left = _begin(problem, order, answer, fails)
    keeps_causes = _guard(problem, everything)
    if keeps_causes is not None and not keeps_causes(problem, left):
        left = everything
    if keeps_causes is None:
        alone = impossible(problem)
        left = left if alone is None else [alone]
        keeps_causes = _guard(problem, left)
    if keeps_causes is None and len(left) > 1:
        left = _without_pure(problem, left, fails, is_over).operations
        keeps_causes = _guard(problem, left)
    if keeps_causes is not None:
        guard = keeps_causes
        shrunk = shrink(
            left,
            lambda some: guard(problem, some) is True and fails(some),
            groupings=_groupings(problem),
            checks=CHECKS,
            is_over=is_over,
        )
        left, is_minimal = shrunk.operations, shrunk.is_minimal
    is_minimal = is_minimal or len(left) == 1
    part = restrict(problem, left)
    found = Answer(outcome="no", method=answer.method)
    if len(left) <= MOST_SEARCHED:
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
    if named and fails(named) and has_order(problem, named):
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


def _guard(
    problem: Problem, operations: Sequence[int]
) -> Callable[[Problem, Sequence[int]], bool | None] | None:
    """Return what says that results have their causes, and is true; None if nothing is."""
    ordered = has_order(problem, operations)
    if ordered:
        return has_order
    if not are_possible(problem, operations):
        return None
    return are_possible if ordered is False else _may_have_order


def _may_have_order(problem: Problem, operations: Sequence[int]) -> bool | None:
    """Return the best that is known of many operations that may have an order."""
    if has_order(problem, operations) is False:
        return False
    return are_possible(problem, operations)


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
    return view.b[cls] if view.kind[cls] == KIND_CAS else view.a[cls]
