"""Linearizability of a stack whose elements are unique: exact, in `n log n`.

Sources: Lee and Mathur, Efficient Decrease-and-Conquer Linearizability Monitoring,
OOPSLA 2025, arXiv 2410.04581, section 5 (stacks); Abdulla and others, Efficient
Linearizability Monitoring, PLDI 2025, arXiv 2509.17795. From them is the idea to take
out, again and again, an element that can be the lowest. The division into groups, with
its proof, and the witness are as described here.

Elements that are critical (see `_elements`) form *groups*: between the first and the
last event of a group there is no instant that no critical interval of it covers. The
stack can be empty between any two groups, so that each can be judged alone: in an order
of both, what has certainly been pushed and must be gone later is moved before such an
instant, and all else behind it.

In a group, the stack is empty at no instant inside. So some element is pushed before
all others have certainly been pushed, and popped when all others may have been: its
push is called before the first return of a push, and its pop returns after the last
call of a pop. If there is none, the group is impossible. If there is one, any will do:
it is the lowest, and what it stands on and what stands on it do not touch. Without it
the group falls apart in smaller ones, or is one still.

An element whose pop was called before its push had returned is never critical. It can
be pushed and popped at one instant, whatever is on the stack, and is left out at first.
What found the stack empty is placed between groups (see `_emptiness`).

Of an open pop nobody knows what it took (see `_elements`). With the elements that
nothing took as if each of them was taken by the open pop that was called first, a no is
final. They are then given to open pops in several ways; a yes of any of them is final.

Witness: the elements, each around those that are above it.

Complexity: an element is taken out once, which costs a few steps in trees over the
returns of pushes: the latest call of a pop in a range, the latest return of a pop of
those that were called early enough, and where nothing is critical.

Answers None for an order other than real time, for anything but a stack, where an
element that was popped has been pushed twice, and where there are open pops and these
questions are answered differently.

Violations, with their operations (-1 for what has not been done by any operation):

* `never-inserted`, `removed-twice`, `removed-before-inserted`, `never-empty`: as in
  `_fifo_queue`;
* `no-lowest`: pushes and pops of elements that form a group, of which none can be the
  lowest.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING

from checkers import kernel
from checkers.models import Stack
from checkers.search._order import Answer

from ._answers import no, yes
from ._contained import in_kernel
from ._elements import elements_of
from ._emptiness import cover, instants, operations_on
from ._segments import Heights, Maxima


if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkers.search._order import Order
    from checkers.search._problem import Problem

    from ._elements import Elements


METHOD = "stack"


def test(problem: Problem, order: Order) -> Answer | None:
    """Return whether a stack of unique elements is linearizable; see the module."""
    if order.kind != "real-time":
        return None
    if not isinstance(problem.automaton.model, Stack):
        return None
    if kernel.native():
        return in_kernel(problem, order, METHOD)
    elements = elements_of(problem, METHOD)
    if elements is None or isinstance(elements, Answer):
        return elements
    if not elements.takers or not elements.kept():
        return _decide(problem, elements)
    # An open pop may still come too late, behind those that are never popped.
    late = elements.end + 2
    hopes = [(element, elements.takers[0]) for element in elements.kept()]
    hoped = _decide(problem, elements.given(problem, hopes, removed_by=late))
    if hoped.outcome == "no":
        return hoped
    for pairs in _ways_to_give(problem, elements):
        found = _decide(problem, elements.given(problem, pairs, removed_by=late))
        if found.outcome == "yes":
            return found
    return None


def _ways_to_give(
    problem: Problem, elements: Elements
) -> Iterator[list[tuple[int, int]]]:
    """Yield ways to give elements to takers that are worth trying.

    First, every taker takes the element that came last before it; then, the element
    that came first goes to the taker that was called first.
    """
    left = sorted(elements.kept(), key=elements.inserted_by.__getitem__)
    called = [problem.calls[taker] + elements.shift for taker in elements.takers]
    pile: list[int] = []
    pairs = []
    passed = 0
    for taker, call in zip(elements.takers, called, strict=True):
        while passed < len(left) and elements.inserted_by[left[passed]] < call:
            pile.append(left[passed])
            passed += 1
        if pile:
            pairs.append((pile.pop(), taker))
        elif passed < len(left):
            pairs.append((left[passed], taker))
            passed += 1
    yield pairs
    yield list(zip(left, elements.takers, strict=False))


def _decide(problem: Problem, elements: Elements) -> Answer:
    """Return the answer where it is known what every pop took."""
    empty = instants(problem, elements, METHOD)
    if isinstance(empty, Answer):
        return empty
    groups = _Groups(elements, empty)
    wrong = groups.run()
    if wrong:
        return wrong
    return yes(METHOD, _with_brief(elements, groups.order, groups.earliest))


class _Groups:
    """The division of the critical elements, ranked by the returns of their pushes.

    Attributes:
        order: The operations so far.
        earliest: By operation in it: the first instant at which it can take effect,
            with no regard to the others.
    """

    def __init__(self, elements: Elements, empty: list[tuple[int, int]]) -> None:
        self._elements, self._empty = elements, empty[::-1]
        begins, ends = elements.inserted_by, elements.removed_from
        self._line = line = [
            element
            for element in sorted(range(elements.size), key=begins.__getitem__)
            if begins[element] < ends[element]
        ]
        self._size = len(line) + 1
        self._begins = [begins[element] for element in line]
        # By rank: the first one whose push returned after this one's pop was called.
        self._until = [bisect_left(self._begins, ends[element]) for element in line]
        self._heights = Heights(self._covered())
        # By rank: the call of the pop; minus the call of the push, with the rank, until
        # it is seen to be early enough; from then on the return of the pop, with it.
        self._popped = Maxima([ends[element] for element in line])
        self._pushed = Maxima(
            [
                (elements.end - elements.inserted_from[element]) * self._size + rank
                for rank, element in enumerate(line)
            ]
        )
        self._possible = Maxima([-1] * len(line))
        self._at_end = False
        self.order: list[int] = []
        self.earliest: list[int] = []

    def run(self) -> Answer | None:
        """Put all elements in an order, group by group; or return a no."""
        for begin, end in list(self._divided(0, len(self._line))):
            self._add_empty(2 * self._begins[begin])
            wrong = self._solve(begin, end)
            if wrong:
                return wrong
        self._add_empty(2 * self._elements.end)
        return None

    def _covered(self) -> list[int]:
        """Return, by rank: how many are critical just before its push returns."""
        change = [0] * (len(self._line) + 1)
        for rank, until in enumerate(self._until):
            change[rank + 1] += 1
            change[until] -= 1
        return list(accumulate(change[:-1]))

    def _divided(self, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the groups of those that are left from one rank on, before another."""
        begin = self._heights.next_zero(begin, end)
        while begin < end:
            following = self._heights.next_zero(begin + 1, end)
            yield begin, following
            begin = following

    def _solve(self, begin: int, end: int) -> Answer | None:
        """Put a group in an order; return a no if there is none."""
        # Groups, and ranks of those to be popped, as (-1, rank).
        tasks = [(begin, end)]
        while tasks:
            begin, end = tasks.pop()
            if begin < 0:
                self._pop(end)
                continue
            lowest = self._lowest(begin, end)
            if lowest < 0:
                return self._impossible(begin, end)
            self._push(lowest)
            tasks.append((-1, lowest))
            tasks += list(self._divided(begin, end))[::-1]
        return None

    def _lowest(self, begin: int, end: int) -> int:
        """Return the rank of one that can be the lowest in its group, or -1."""
        first_push = self._begins[begin]
        while True:
            called, rank = divmod(self._pushed.of(begin, end), self._size)
            if self._elements.end - called >= first_push or called < 0:
                break
            self._pushed.set(rank, -1)
            returned = self._elements.removed_by[self._line[rank]]
            self._possible.set(rank, returned * self._size + rank)
        returned, rank = divmod(self._possible.of(begin, end), self._size)
        return rank if returned > self._popped.of(begin, end) else -1

    def _push(self, rank: int) -> None:
        """Take one out of what is left, and push it."""
        self._popped.set(rank, -1)
        self._possible.set(rank, -1)
        self._heights.add(rank, rank + 1, self._size)
        self._heights.add(rank + 1, self._until[rank], -1)
        element = self._line[rank]
        if self._elements.insertion[element] >= 0:
            self.order.append(self._elements.insertion[element])
            self.earliest.append(2 * self._elements.inserted_from[element])

    def _pop(self, rank: int) -> None:
        """Pop one, unless that is only behind the end."""
        element = self._line[rank]
        if self._elements.removal[element] < 0:
            self._at_end = True
        elif not self._at_end:
            self.order.append(self._elements.removal[element])
            self.earliest.append(2 * self._elements.removed_from[element])

    def _add_empty(self, instant: int) -> None:
        """Add what found the stack empty before an instant."""
        while self._empty and self._empty[-1][0] < instant:
            earliest, i = self._empty.pop()
            self.order.append(i)
            self.earliest.append(earliest)

    def _impossible(self, begin: int, end: int) -> Answer:
        """Return the no of a group in which none can be the lowest.

        A few of them, which cover the time of the group, are no better off.
        """
        elements = self._elements
        last_call = self._popped.of(begin, end)
        left = [
            self._line[rank]
            for rank in range(begin, end)
            if self._popped.of(rank, rank + 1) >= 0
        ]
        members = cover(elements, left, self._begins[begin], last_call)
        return no(
            METHOD,
            "no-lowest",
            operations_on(elements, members),
            values=[elements.shown(element) for element in members],
        )


def _with_brief(elements: Elements, order: list[int], earliest: list[int]) -> list[int]:
    """Return the order with those put in that are never critical.

    Everything takes effect as early as it can, and these when both their operations
    have been called.
    """
    instants_of = list(accumulate(earliest, max))
    operations = order[:]
    for element in range(elements.size):
        if elements.inserted_by[element] > elements.removed_from[element]:
            for i in elements.insertion[element], elements.removal[element]:
                if i >= 0:
                    operations.append(i)
                    instants_of.append(2 * elements.removed_from[element] + 1)
    places = sorted(range(len(operations)), key=instants_of.__getitem__)
    return [operations[place] for place in places]
