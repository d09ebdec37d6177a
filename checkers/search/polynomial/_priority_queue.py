"""Linearizability of a priority queue or a bag of unique elements, in `n log n`.

Source: Lee and Mathur, Efficient Decrease-and-Conquer Linearizability Monitoring,
OOPSLA 2025, arXiv 2410.04581, section 6 (priority queues). The rule is theirs; the
proof, the witness and equal priorities are as described here.

A poll of an element takes effect at an instant at which nothing of a lesser priority,
which would be polled first, is critical (see `_elements`). That is enough: let every
poll take effect at the first such instant between its call and its return, and every
insertion when it returns, or just before its element is polled if that comes first.
Suppose that, when v is polled, some w of lesser priority is in the queue. Then w's
insertion has returned, or w would have been inserted just before its own poll; so, as w
is not critical, its poll has been called. But w can be polled at any instant that will
do for v, so it has been polled by now.

What found the queue empty is a poll of something that everything else comes before. A
bag is a priority queue in which all priorities are equal.

Of an open removal nobody knows what it took (see `_elements`). With the elements that
nothing took as if each of them was taken by the open removal that was called first, a
no is final. They are then given to open removals by priority, and among equals in the
order in which they came; a yes of that is final. For a bag it is the best way to give
them, so its no is final too.

Answers None for an order other than real time, for anything but these two, where an
element that was taken has been inserted twice, and where there are open removals and
these two questions are answered differently.

Violations, with their operations (-1 for what has not been done by any operation):

* `never-inserted`, `removed-twice`, `removed-before-inserted`, `never-empty`: as in
  `_fifo_queue`;
* `never-the-least`: insertion and poll of an element, and of each of those elements of
  which one, of a lesser priority, was in the queue at every instant of that poll.
"""

from __future__ import annotations

from array import array
from collections import deque
from heapq import heappop, heappush
from itertools import groupby
from typing import TYPE_CHECKING

from checkers import kernel
from checkers.models import PriorityQueue, UnorderedQueue, priority
from checkers.search._order import Answer

from ._answers import no, yes
from ._contained import in_kernel
from ._elements import elements_of
from ._emptiness import cover, instants, operations_on


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.models import Frozen
    from checkers.search._order import Order
    from checkers.search._problem import Problem

    from ._elements import Elements


METHOD = "priority-queue"


def test(problem: Problem, order: Order) -> Answer | None:
    """Return whether a priority queue of unique elements is linearizable."""
    model = problem.automaton.model
    if order.kind != "real-time":
        return None
    if not isinstance(model, PriorityQueue | UnorderedQueue):
        return None
    ranked = isinstance(model, PriorityQueue)
    if kernel.native():
        return in_kernel(problem, order, METHOD, _dense_ranks if ranked else None)
    elements = elements_of(problem, METHOD)
    if elements is None or isinstance(elements, Answer):
        return elements
    ranks = [priority(value) if ranked else 0 for value in elements.value]
    if not elements.takers or not elements.kept():
        return _decide(problem, elements, ranks)
    end = elements.end
    left = elements.kept()
    hopes = [(element, elements.takers[0]) for element in left]
    hoped = _decide(problem, elements.given(problem, hopes, removed_by=end), ranks)
    if hoped.outcome == "no":
        return hoped
    left.sort(key=lambda element: (ranks[element], elements.inserted_by[element]))
    pairs = zip(left, elements.takers, strict=False)
    found = _decide(problem, elements.given(problem, pairs, removed_by=end), ranks)
    return found if found.outcome == "yes" or not ranked else None


def _dense_ranks(values: Sequence[Frozen]) -> array[int]:
    """Return, by value: how many priorities come before its own; 0 if it has none."""
    firsts = [value[0] if type(value) is tuple and value else value for value in values]
    known = sorted({first for first in firsts if type(first) is int})
    number = dict(zip(known, range(len(known)), strict=True))
    return array("I", (number[first] if type(first) is int else 0 for first in firsts))


def _decide(problem: Problem, elements: Elements, ranks: list[int]) -> Answer:
    """Return the answer where it is known what every removal took.

    A taker that comes too late takes nothing.
    """
    polled: dict[int, int] = {}
    uncovered = _Uncovered(elements.end + 2)
    by_rank = sorted(range(elements.size), key=ranks.__getitem__)
    for rank, group in groupby(by_rank, key=ranks.__getitem__):
        members = list(group)
        for element in members:
            i = elements.removal[element]
            if i < 0:
                continue
            event = uncovered.find(elements.removed_from[element])
            if event < elements.removed_by[element]:
                polled[element] = event
            elif elements.removed_by[element] == elements.end:
                elements.removed_from[element] = elements.end + 1
            else:
                among = [other for other in by_rank if ranks[other] < rank]
                return _never_least(elements, element, among)
        for element in members:
            uncovered.cover(
                elements.inserted_by[element], elements.removed_from[element]
            )
    empty = instants(problem, elements, METHOD)
    if isinstance(empty, Answer):
        return empty
    return yes(METHOD, _schedule(elements, polled, ranks, by_rank, empty))


class _Uncovered:
    """Events behind which nothing is critical yet: a forest of links to the next one."""

    def __init__(self, size: int) -> None:
        self._next = list(range(size + 1))

    def find(self, event: int) -> int:
        """Return the first such event from one on."""
        link = self._next
        while link[event] != event:
            link[event] = link[link[event]]
            event = link[event]
        return event

    def cover(self, begin: int, end: int) -> None:
        """Take out the events from one on and before another."""
        event = self.find(begin)
        while event < end:
            self._next[event] = event + 1
            event = self.find(event)


def _never_least(elements: Elements, element: int, among: list[int]) -> Answer:
    """Return the no of a poll at all of whose instants something comes first."""
    begin, end = elements.removed_from[element], elements.removed_by[element]
    members = cover(elements, among, begin, end)
    return no(
        METHOD,
        "never-the-least",
        operations_on(elements, [element, *members]),
        values=[elements.shown(element), *map(elements.shown, members)],
    )


def _schedule(
    elements: Elements,
    polled: dict[int, int],
    ranks: list[int],
    by_rank: list[int],
    empty: list[tuple[int, int]],
) -> list[int]:
    """Return the operations by their instants; at one, by rank, an insertion first."""
    operations: list[int] = []
    instants_of: list[int] = []
    rank_of: dict[int, int] = {}
    takers: dict[int, int] = {}
    for element in by_rank:
        inserted = 2 * elements.inserted_by[element]
        if element in polled:
            inserted = min(inserted, 2 * polled[element] + 1)
        if elements.insertion[element] >= 0:
            operations.append(elements.insertion[element])
            instants_of.append(inserted)
        if element in polled:
            i = elements.removal[element]
            late = elements.removed_by[element] == elements.end
            (takers if late else rank_of)[i] = ranks[element]
            operations.append(i)
            instants_of.append(2 * polled[element] + 1)
    last = max(ranks, default=0) + 1
    for instant, i in empty:
        rank_of[i] = last
        operations.append(i)
        instants_of.append(instant)
    places = sorted(range(len(operations)), key=instants_of.__getitem__)
    return _delayed([operations[place] for place in places], rank_of, takers)


def _delayed(
    line: list[int], rank_of: dict[int, int], takers: dict[int, int]
) -> list[int]:
    """Return an order in which open removals take effect when something waits for it.

    Then all that is of a lesser priority than that is theirs, so that they need not
    choose among equals.

    Args:
        line: The order.
        rank_of: By operation that needs all to be gone that comes first: its rank.
        takers: By open removal: the rank of what it takes.
    """
    found: list[int] = []
    ready: deque[int] = deque()
    due: list[int] = []
    for i in line:
        if i in takers:
            ready.append(i)
            heappush(due, takers[i])
            continue
        while due and i in rank_of and due[0] < rank_of[i]:
            heappop(due)
            found.append(ready.popleft())
        found.append(i)
    return found
