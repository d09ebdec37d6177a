"""Linearizability of a queue whose elements are unique: exact, in `n log n`.

Sources: Lee and Mathur, Efficient Decrease-and-Conquer Linearizability Monitoring,
OOPSLA 2025, arXiv 2410.04581, section 5 (queues); Abdulla and others, Efficient
Linearizability Monitoring, PLDI 2025, arXiv 2509.17795; both after Henzinger, Sezgin
and Vafeiadis, Aspect-Oriented Linearizability Proofs, CONCUR 2013. The construction
of the witness, initial elements and open dequeues are as described here.

An order of the elements has to be found in which they come and go. Element x must be
before y if x was enqueued, or dequeued, for certain before y was: if the one operation
returned before the other was called. There is such an order if and only if no two must
each be before the other. For take, of all that are left, the element d whose dequeue
returns first, and e, d itself or the one whose enqueue returns first if that is before
d is enqueued. Nothing must be enqueued before e. If e is d, nothing must be dequeued
before it either; and if not, e's dequeue is called before that of d returns, or the two
contradict. So e, or another that is as free, can go first.

What found the queue empty is placed first, at an instant that no critical interval
covers (see `_emptiness`). An element that has to be enqueued behind that instant, or can
be, is then enqueued behind it.

Of an open dequeue nobody knows what it took. It can only help to take something that
nobody else took: those are the last ones in the queue. The element whose enqueue
returned first has to be the first of them to go, and is given to the dequeue that was
called first, and so on; any other choice can be changed into this one.

Witness: every enqueue and every dequeue takes effect as early as it can: when it is
called, and those before it in the order of the elements have taken effect.

Answers None for an order other than real time, for anything but a FIFO queue, and where
an element that was dequeued has been enqueued twice.

Violations, with their operations (-1 for what has not been done by any operation):

* `never-inserted`: a dequeue of what nobody enqueued;
* `removed-twice`: two dequeues of the same element, and its enqueue, if there is one;
* `removed-before-inserted`: a dequeue, and the enqueue that was called afterwards;
* `never-empty`: a dequeue that found nothing, and the enqueue and dequeue of each of
  those elements of which one was in the queue at every instant of it;
* `out-of-order`: the enqueues of x and of y, which was called after the first had
  returned; the dequeue of y, and that of x, which was called after it had returned.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

from checkers import kernel
from checkers.models import FifoQueue
from checkers.search._order import Answer

from ._answers import no, yes
from ._contained import in_kernel
from ._elements import elements_of
from ._emptiness import instants


if TYPE_CHECKING:
    from checkers.search._order import Order
    from checkers.search._problem import Problem

    from ._elements import Elements


METHOD = "fifo-queue"


def test(problem: Problem, order: Order) -> Answer | None:
    """Return whether a queue of unique elements is linearizable; see the module."""
    if order.kind != "real-time":
        return None
    if not isinstance(problem.automaton.model, FifoQueue):
        return None
    if kernel.native():
        return in_kernel(problem, order, METHOD)
    elements = elements_of(problem, METHOD)
    if elements is None or isinstance(elements, Answer):
        return elements
    left = sorted(elements.kept(), key=elements.inserted_by.__getitem__)
    pairs = zip(left, elements.takers, strict=False)
    elements = elements.given(problem, pairs, removed_by=elements.end)
    empty = instants(problem, elements, METHOD)
    if isinstance(empty, Answer):
        return empty
    enqueued_from = _behind(elements, [instant for instant, _ in empty])
    line = _line(elements, enqueued_from)
    if isinstance(line, Answer):
        return line
    return yes(METHOD, _schedule(elements, enqueued_from, line, empty))


def _behind(elements: Elements, empty: list[int]) -> list[int]:
    """Return, by element, the instant from which on it may be enqueued.

    That is the call, or a later instant at which the queue is empty and behind which
    it can be enqueued.
    """
    called = [2 * event for event in elements.inserted_from]
    if not empty:
        return called
    by_return = sorted(range(elements.size), key=elements.inserted_by.__getitem__)
    passed = 0
    for element in by_return:
        by = 2 * elements.inserted_by[element]
        while passed < len(empty) and empty[passed] < by:
            passed += 1
        if passed:
            called[element] = max(called[element], empty[passed - 1])
    return called


def _line(elements: Elements, enqueued_from: list[int]) -> list[int] | Answer:
    """Return the elements in the order in which they come and go. Hot, so whole."""
    size = elements.size
    enqueued_by, dequeued_by = elements.inserted_by, elements.removed_by
    dequeued_from = elements.removed_from
    by_call = sorted(range(size), key=enqueued_from.__getitem__)
    by_enqueue = sorted(range(size), key=enqueued_by.__getitem__)
    by_dequeue = sorted(range(size), key=dequeued_by.__getitem__)
    placed = bytearray(size)
    free: list[int] = []
    line: list[int] = []
    calls = enqueues = dequeues = 0
    while len(line) < size:
        while placed[by_enqueue[enqueues]]:
            enqueues += 1
        while placed[by_dequeue[dequeues]]:
            dequeues += 1
        by = 2 * enqueued_by[by_enqueue[enqueues]]
        while calls < size and enqueued_from[by_call[calls]] < by:
            element = by_call[calls]
            heappush(free, dequeued_from[element] * size + element)
            calls += 1
        called, element = divmod(free[0], size)
        if called >= dequeued_by[by_dequeue[dequeues]]:
            x, y = by_enqueue[enqueues], by_dequeue[dequeues]
            enqueued, dequeued = elements.insertion, elements.removal
            return no(
                METHOD,
                "out-of-order",
                (enqueued[x], enqueued[y], dequeued[y], dequeued[x]),
                values=[elements.shown(x), elements.shown(y)],
            )
        heappop(free)
        placed[element] = True
        line.append(element)
    return line


def _schedule(
    elements: Elements,
    enqueued_from: list[int],
    line: list[int],
    empty: list[tuple[int, int]],
) -> list[int]:
    """Return the operations, each at its first instant."""
    enqueues, dequeues = [], []
    instants_of_enqueues, instants_of_dequeues = [], []
    enqueued = dequeued = -1
    for element in line:
        enqueued = max(enqueued, enqueued_from[element])
        if elements.insertion[element] >= 0:
            instants_of_enqueues.append(enqueued)
            enqueues.append(elements.insertion[element])
        if elements.removal[element] >= 0:
            dequeued = max(dequeued, enqueued, 2 * elements.removed_from[element])
            instants_of_dequeues.append(dequeued)
            dequeues.append(elements.removal[element])
    operations = [*(i for _, i in empty), *enqueues, *dequeues]
    instants_of = [
        *(instant for instant, _ in empty),
        *instants_of_enqueues,
        *instants_of_dequeues,
    ]
    # At one instant: what found nothing, then enqueues, then dequeues.
    ranks = sorted(range(len(operations)), key=instants_of.__getitem__)
    return [operations[rank] for rank in ranks]
