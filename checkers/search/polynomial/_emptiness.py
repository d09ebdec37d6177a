"""When a container can have been empty.

An operation that found nothing took effect at an instant that no critical interval
covers (see `_elements`). Any such instant will do, for every one of them: whatever has
been put in for certain can be taken out before, and all else can be put in later. So at
these instants the elements fall apart in groups, of which an order of the whole is
made one by one; a test has only to keep them apart.

Instants lie between events; `instant 2 * event + 1` is the one behind an event.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from ._answers import no


if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkers.search._order import Answer
    from checkers.search._problem import Problem

    from ._elements import Elements


def instants(
    problem: Problem, elements: Elements, method: str
) -> list[tuple[int, int]] | Answer:
    """Return, for each operation that found nothing, an instant and it, ascending.

    It is the first one that will do. Linear, but for sorting.
    """
    if not elements.empties:
        return []
    size = elements.end + 1
    change = [0] * (size + 1)
    for begin, end in zip(elements.inserted_by, elements.removed_from, strict=True):
        if begin < end:
            change[begin] += 1
            change[min(end, size)] -= 1
    # By event: the first from there on whose instant nothing covers.
    uncovered = [size] * (size + 1)
    covered = list(accumulate(change))
    for event in range(size - 1, -1, -1):
        uncovered[event] = uncovered[event + 1] if covered[event] else event
    found = []
    for i in elements.empties:
        called = problem.calls[i] + elements.shift
        event = uncovered[called]
        if event >= problem.returns[i] + elements.shift:
            return _never_empty(problem, elements, i, method)
        found.append((2 * event + 1, i))
    found.sort()
    return found


def _never_empty(problem: Problem, elements: Elements, i: int, method: str) -> Answer:
    """Return the no of an operation whose time critical intervals cover."""
    begin, end = problem.calls[i] + elements.shift, problem.returns[i] + elements.shift
    members = cover(elements, range(elements.size), begin, end)
    return no(
        method,
        "never-empty",
        (i, *operations_on(elements, members)),
        values=[elements.shown(element) for element in members],
    )


def cover(elements: Elements, among: Iterable[int], begin: int, end: int) -> list[int]:
    """Return a few elements whose critical intervals cover a time between two events.

    Each one lasts longest of those that have begun before the last one ends.
    """
    begins, ends = elements.inserted_by, elements.removed_from
    by_begin = sorted(among, key=begins.__getitem__)
    found: list[int] = []
    longest = by_begin[0]
    position = 0
    while begin < end:
        while position < len(by_begin) and begins[by_begin[position]] <= begin:
            if ends[by_begin[position]] > ends[longest]:
                longest = by_begin[position]
            position += 1
        assert ends[longest] > begin, "the time is covered"
        found.append(longest)
        begin = ends[longest]
    return found


def operations_on(elements: Elements, members: Iterable[int]) -> list[int]:
    """Return, for each of these elements, its insertion and its removal; -1 if none."""
    found: list[int] = []
    for element in members:
        found += elements.insertion[element], elements.removal[element]
    return found
