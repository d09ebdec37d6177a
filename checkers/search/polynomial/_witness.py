"""From an order of blocks to a witness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.search._problem import KIND_CAS

from ._answers import yes
from ._blocks import LEFT_OUT
from ._insertion import insert


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from checkers.search._order import Answer, Order
    from checkers.search._problem import Problem

    from ._blocks import Blocks


def witness(
    problem: Problem, order: Order, blocks: Blocks, line: Iterable[int], method: str
) -> Answer | None:
    """Return the yes of an order of blocks, the failed cas operations put in.

    Blocks follow each other; in a block, clusters do; in a cluster, the write comes
    first and then the reads by call. None if a failed cas has no place in this order:
    another order may have one. `n log n`.
    """
    rank = [0] * len(blocks.last_call)
    clusters = (name for block in line for name in blocks.clusters(block))
    for position, name in enumerate(clusters):
        rank[name] = position
    # Numbers that sort as (rank, whether it is no write, number) would.
    half = len(problem)
    whole = 2 * half
    keys = [
        rank[name] * whole + (i if name == i else half + i)
        for i, name in enumerate(blocks.cluster)
        if name != LEFT_OUT
    ]
    keys.sort()
    found = [key % half for key in keys]
    state = _value_after(problem, found[-1]) if found else 0
    if blocks.failed:
        place = _other_values(problem, found)
        merged = insert(problem, order, found, blocks.failed, place)
        if merged is None:
            return None
        found = merged
    return yes(method, found, state)


def _value_after(problem: Problem, i: int) -> int:
    """Return the value that the register has after an operation that is legal."""
    view, cls = problem.register, problem.classes[i]
    assert view is not None, "blocks are those of a register"
    return view.b[cls] if view.kind[cls] == KIND_CAS else view.a[cls]


def _other_values(problem: Problem, base: list[int]) -> Callable[[int, int], int]:
    """Return what finds, for a failed cas, the next gap where the value is another."""
    view = problem.register
    assert view is not None, "blocks are those of a register"
    values = [0, *(_value_after(problem, i) for i in base)]
    # By gap: the next one where the value changes.
    change = [len(values)] * len(values)
    for gap in range(len(values) - 2, -1, -1):
        changes = values[gap] != values[gap + 1]
        change[gap] = gap + 1 if changes else change[gap + 1]

    def place(i: int, gap: int) -> int:
        if values[gap] == view.a[problem.classes[i]]:
            return change[gap]
        return gap

    return place
