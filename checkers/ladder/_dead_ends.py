"""Where each order of a few operations ends that does not explain them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from checkers.search._order import openings


if TYPE_CHECKING:
    from checkers.search import Order, Problem


MOST_CONFIGURATIONS = 20_000


class DeadEnd(NamedTuple):
    """An order of some operations that cannot go on.

    Attributes:
        prefix: The operations.
        state: The state after them.
        candidates: What could come next, were it legal in the state.
    """

    prefix: tuple[int, ...]
    state: int
    candidates: tuple[int, ...]


def dead_ends(problem: Problem, order: Order) -> list[DeadEnd]:
    """Return where orders end, those of most operations first.

    Of orders of the same operations to the same state there is one. If there are too
    many, some are missing.
    """
    before = _predecessors(problem, order)
    classes, step = problem.classes, problem.automaton.step
    found: list[DeadEnd] = []
    seen = {(0, problem.automaton.initial)}
    todo: list[tuple[int, int, tuple[int, ...]]] = [(0, problem.automaton.initial, ())]
    while todo and len(seen) < MOST_CONFIGURATIONS:
        done, state, prefix = todo.pop()
        due = [
            i for i, bits in enumerate(before) if not done >> i & 1 and not bits & ~done
        ]
        legal = [(i, step(state, classes[i])) for i in due]
        for i, following in reversed(legal):
            key = done | 1 << i, following
            if following >= 0 and key not in seen:
                seen.add(key)
                todo.append((*key, (*prefix, i)))
        if all(following < 0 for _, following in legal):
            found.append(DeadEnd(prefix, state, tuple(due)))
    found.sort(key=lambda end: (-len(end.prefix), end))
    return found


def _predecessors(problem: Problem, order: Order) -> list[int]:
    """Return, by operation, a bit for each that has to come before it."""
    opening = openings(problem, order)
    found = []
    for i, call in enumerate(problem.calls):
        bits = 0
        for j, end in enumerate(problem.returns):
            same = problem.processes[i] == problem.processes[j]
            if end < opening[i] or (same and end < call):
                bits |= 1 << j
        found.append(bits)
    return found
