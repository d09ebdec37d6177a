"""Whether results have their causes, in whatever order.

Nothing here knows of real time or of processes: all operations are taken as if they
had been in flight at the same time.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import msgspec

from checkers.search import OPEN, REAL_TIME, Budget, RegistersView

from ._decide import search
from ._subproblem import restrict, unordered


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.search import Problem, RegisterView


KIND_READ, KIND_WRITE, KIND_CAS, KIND_FAILED_CAS = range(4)
"""Kinds of classes, as in `RegisterView`."""

MOST_ORDERED = 300
"""Operations of which it is searched whether some order explains them."""

MOST_TRIED = 40
"""Classes of each of which it is searched whether some operations explain it."""

NODES = 20_000
"""Nodes that such a search may visit."""


def has_order(problem: Problem, operations: Sequence[int]) -> bool | None:
    """Return whether some order explains operations; None if that takes too long."""
    view = problem.register or problem.registers
    if view is not None:
        if not _come(problem, view, operations):
            return False
        kinds = {view.kind[problem.classes[i]] for i in operations}
        if kinds <= {KIND_READ, KIND_WRITE}:
            return True
    if len(operations) > MOST_ORDERED:
        return None
    return _is_solvable(unordered(restrict(problem, operations)))


def are_possible(problem: Problem, operations: Sequence[int]) -> bool | None:
    """Return whether each operation is explained by some of the others.

    None if that takes too long.
    """
    view = problem.register or problem.registers
    if view is not None:
        return _come(problem, view, operations)
    if len({problem.classes[i] for i in operations}) > MOST_TRIED:
        return None
    return _first_impossible(restrict(problem, operations)) is None


def impossible(problem: Problem) -> int | None:
    """Return an operation that no others explain; None if none is found."""
    view = problem.register or problem.registers
    everything = range(len(problem))
    if view is not None:
        values = _values_that_come(problem, view, everything)
        return next(
            (i for i in everything if not _finds_one_of(problem, view, values, i)), None
        )
    if len(set(problem.classes)) > MOST_TRIED:
        return None
    return _first_impossible(problem)


def _first_impossible(problem: Problem) -> int | None:
    part = unordered(problem)
    tried = set()
    for i, (cls, end) in enumerate(zip(problem.classes, problem.returns, strict=True)):
        if end != OPEN and cls not in tried:
            tried.add(cls)
            returns = array("I", [OPEN]) * len(problem)
            returns[i] = len(problem)
            # All others may take effect before it, or not.
            alone = msgspec.structs.replace(part, returns=returns)
            if _is_solvable(alone) is False:
                return i
    return None


def _is_solvable(problem: Problem) -> bool | None:
    outcome = search(problem, REAL_TIME, Budget(nodes=NODES)).outcome
    return None if outcome == "unknown" else outcome == "yes"


def _come(
    problem: Problem, view: RegisterView | RegistersView, operations: Sequence[int]
) -> bool:
    """Whether every value that was found is the initial one, or may have been set."""
    values = _values_that_come(problem, view, operations)
    return all(_finds_one_of(problem, view, values, i) for i in operations)


def _values_that_come(
    problem: Problem, view: RegisterView | RegistersView, operations: Sequence[int]
) -> set[tuple[int, int]]:
    """Return the values that keys may have, as pairs."""
    classes = {problem.classes[i] for i in operations}
    keys = view.key if isinstance(view, RegistersView) else bytes(len(view.kind))
    values = {(key, 0) for key in keys}
    swaps = []
    for cls in classes:
        if view.kind[cls] == KIND_WRITE:
            values.add((keys[cls], view.a[cls]))
        elif view.kind[cls] == KIND_CAS:
            swaps.append(cls)
    while True:
        news = {(keys[c], view.b[c]) for c in swaps if (keys[c], view.a[c]) in values}
        if news <= values:
            return values
        values |= news


def _finds_one_of(
    problem: Problem,
    view: RegisterView | RegistersView,
    values: set[tuple[int, int]],
    i: int,
) -> bool:
    """Whether an operation may have found what it found."""
    cls = problem.classes[i]
    if problem.returns[i] == OPEN or view.kind[cls] not in {KIND_READ, KIND_CAS}:
        return True
    key = view.key[cls] if isinstance(view, RegistersView) else 0
    return (key, view.a[cls]) in values
