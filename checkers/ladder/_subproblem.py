"""A part of a problem, as a problem."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import msgspec

from checkers.search import OPEN


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.search import Problem


def restrict(problem: Problem, operations: Sequence[int]) -> Problem:
    """Return a problem of some operations only, given in ascending order.

    The automaton and the classes are those of the whole. `n log n`.
    """
    events = sorted(
        [problem.calls[i] for i in operations]
        + [problem.returns[i] for i in operations if problem.returns[i] != OPEN]
    )
    number = {event: position for position, event in enumerate(events)}
    number[OPEN] = OPEN
    processes: dict[int, int] = {}
    return msgspec.structs.replace(
        problem,
        operations=_picked(problem.operations, operations),
        calls=array("I", [number[problem.calls[i]] for i in operations]),
        returns=array("I", [number[problem.returns[i]] for i in operations]),
        call_times=_picked(problem.call_times, operations),
        return_times=_picked(problem.return_times, operations),
        processes=array(
            "I",
            [
                processes.setdefault(problem.processes[i], len(processes))
                for i in operations
            ],
        ),
        classes=_picked(problem.classes, operations),
    )


def unordered(problem: Problem) -> Problem:
    """Return the same operations, all in flight at the same time.

    Returns keep their order, so that a search begins with the likely one.
    """
    count = len(problem)
    returned = sorted(
        (i for i in range(count) if problem.returns[i] != OPEN),
        key=problem.returns.__getitem__,
    )
    returns = array("I", [OPEN]) * count
    for position, i in enumerate(returned, count):
        returns[i] = position
    return msgspec.structs.replace(
        problem,
        calls=array("I", range(count)),
        returns=returns,
        processes=array("I", range(count)),
    )


def _picked(column: array[int], operations: Sequence[int]) -> array[int]:
    return array(column.typecode, map(column.__getitem__, operations))
