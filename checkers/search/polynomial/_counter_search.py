"""Sequential consistency of a counter whose deltas have one sign: a search.

Source: none; the question is strongly NP-hard for any number of processes (3-partition:
reads name the sums of the parts), so the search has a budget. For equal deltas, see
`_counter_levels`; what can be said without a search is said first, by
`_counter_bounds`.

A configuration is how far each process has come, and which open adds were made; the
count follows from it. Reads take effect as soon as the count is theirs. Of the reads
that come next in each process, the lowest one is the next value that the counter has to
stop at. The adds that stand before a read of this value are made at once: all of them
have to come before it, and nobody looks at the count in between. What then is missing
has to come from the other processes, which may go on up to their own next reads, and
from open adds. A configuration is given up if the count is too high already, or if no
choice of these comes to what is missing: the sums that they can come to are the bits of
a number.

When no reads are left, all that is left can be added.

Answers None for an order other than program order, for anything but a counter, and for
deltas of both signs. Adds of 0 do not count.

Violations, with their operations:

* those of `_counter_bounds`;
* `impossible-value`: a read of less than was there at first (or of more, if deltas are
  negative);
* `no-interleaving`: what would come next in each process behind the longest order that
  was found, which is the `prefix` of the answer. All were tried.
"""

from __future__ import annotations

from array import array
from itertools import accumulate
from operator import mul
from typing import TYPE_CHECKING

from checkers import kernel
from checkers._verdict import Reason
from checkers.models import GCounter, PnCounter
from checkers.search._order import Answer, Budget
from checkers.search._problem import OPEN

from ._answers import no, yes
from ._counter_bounds import contradiction
from ._insertion import insert_anywhere


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers.kernel._threads import Interleaving
    from checkers.search._order import Order
    from checkers.search._problem import Problem


METHOD = "counter-search"

NODES_A_TURN = 256

MOST = 2**62
"""The largest number that is left to the kernel."""

OUTCOMES = {"yes": True, "tried": False, "circle": False, "unknown": None}
"""Whether there is an order, by what the kernel has found."""

SUMS_UP_TO = 1 << 14
"""Up to which gap it is asked whether any choice comes to it exactly."""


def test(problem: Problem, order: Order, budget: Budget | None) -> Answer | None:
    """Return whether a counter is sequentially consistent; see the module."""
    automaton = problem.automaton
    model = automaton.model
    if order.kind != "program" or problem.table is None:
        return None
    if not isinstance(model, GCounter | PnCounter):
        return None
    calls = {cls: automaton.call(cls) for cls in sorted(set(problem.classes))}
    # By class: what it adds, and what it reads.
    deltas = {cls: call.input for cls, call in calls.items() if call.f == "add"}
    if min(deltas.values(), default=0) < 0 < max(deltas.values(), default=0):
        return None
    sign = -1 if min(deltas.values(), default=0) < 0 else 1
    deltas = {cls: sign * delta for cls, delta in deltas.items()}
    reads = {
        cls: sign * (call.output - model.initial)
        for cls, call in calls.items()
        if call.f == "read" and call.known
    }
    for i, cls in enumerate(problem.classes):
        value = reads.get(cls)
        if value is not None and value < 0:
            return no(METHOD, "impossible-value", (i,), value=calls[cls].output)
    delta = [deltas.get(cls, 0) for cls in problem.classes]
    read = [reads.get(cls) for cls in problem.classes]
    found_no = contradiction(problem, delta, read, METHOD)
    if found_no:
        return found_no
    search = _Search(problem, delta, read)
    budget = budget or Budget()
    found_in_kernel = search.in_kernel(budget)
    if found_in_kernel:
        found = OUTCOMES[found_in_kernel.finding]
        nodes, reason = found_in_kernel.nodes, found_in_kernel.reason
    else:
        found = search.run(min(budget.nodes, budget.entries), budget.is_over)
        nodes = len(search.visited)
        reason = Reason.MEMORY if nodes >= budget.entries else Reason.TIMEOUT
    if found:
        merged = insert_anywhere(problem, order, search.complete(), search.idle)
        return yes(METHOD, merged, nodes=nodes)
    if found is False:
        blocked = search.following()
        return no(
            METHOD, "no-interleaving", blocked, prefix=search.deepest, nodes=nodes
        )
    return Answer(
        outcome="unknown",
        prefix=array("I", search.deepest),
        nodes=nodes,
        reason=reason,
        method=METHOD,
    )


class _Search:
    """A depth-first search that remembers where it has been.

    Attributes:
        idle: The operations that are left out.
        visited: The configurations.
        deepest: The longest order behind which nothing could come.
    """

    def __init__(
        self, problem: Problem, delta: list[int], read: list[int | None]
    ) -> None:
        """Take, by operation, what it adds and what it has read."""
        self.idle: list[int] = []
        self._delta = delta
        self._read = read
        # Threads are processes, and then open adds, each of which waits for a place in
        # the thread of its process.
        self._threads: list[list[int]] = [[] for _ in set(problem.processes)]
        self._waits: list[tuple[int, int]] = [(0, 0)] * len(self._threads)
        self._closed = len(self._threads)
        for i, process in enumerate(problem.processes):
            if not self._delta[i] and self._read[i] is None:
                self.idle.append(i)
            elif problem.returns[i] == OPEN:
                self._threads.append([i])
                self._waits.append((process, len(self._threads[process])))
            else:
                self._threads[process].append(i)
        self._thread = {
            i: thread for thread, line in enumerate(self._threads) for i in line
        }
        # By thread, by place: the place of the next read, or the end; the sum before.
        self._stop = [self._stops(line) for line in self._threads]
        self._sum = [
            list(accumulate((self._delta[i] for i in line), initial=0))
            for line in self._threads
        ]
        sizes = [len(line) + 1 for line in self._threads]
        self._weights = list(accumulate(sizes, mul, initial=1))
        self._place = [0] * len(self._threads)
        self._vector = self._count = 0
        self._order: list[int] = []
        self.visited: set[int] = set()
        self.deepest: list[int] = []

    def in_kernel(self, budget: Budget) -> Interleaving | None:
        """Do what `run` does; None to do that instead, as it is not to be done here.

        Numbers can be too large for the kernel.
        """
        if not kernel.native():
            return None
        if sum(self._delta) > MOST or any((seen or 0) > MOST for seen in self._read):
            return None
        found = kernel.interleave_counter(
            self._threads, self._waits, self._delta, self._read, budget
        )
        if found and found.finding == "yes":
            for i in found.order:
                self._do(self._thread[i])
        elif found:
            self.deepest = list(found.order)
        return found

    def run(self, limit: int, is_over: Callable[[], bool]) -> bool | None:
        """Return whether there is an order; None if that was not found out."""
        # How long the order was, and what is left to be tried behind it.
        stack: list[tuple[int, list[int]]] = []
        while True:
            candidates = self._advance()
            if candidates is None:
                return True
            if candidates and self._vector in self.visited:
                candidates = []
            elif candidates:
                if len(self.visited) >= limit:
                    return None
                if not len(self.visited) % NODES_A_TURN and is_over():
                    return None
                self.visited.add(self._vector)
            stack.append((len(self._order), candidates))
            while stack and not stack[-1][1]:
                if len(self._order) > len(self.deepest):
                    self.deepest = self._order[:]
                stack.pop()
            if not stack:
                return False
            length, candidates = stack[-1]
            self._go_back(length)
            self._do(candidates.pop())

    def complete(self) -> list[int]:
        """Return the order with the adds that have returned and are left."""
        rest = zip(self._threads[: self._closed], self._place, strict=False)
        return [*self._order, *(i for line, place in rest for i in line[place:])]

    def following(self) -> list[int]:
        """Return what would come next in each process behind the deepest order."""
        done = set(self.deepest)
        lines = self._threads[: self._closed]
        left = ([i for i in line if i not in done] for line in lines)
        return [line[0] for line in left if line]

    def _stops(self, line: list[int]) -> list[int]:
        """Return, by place in a thread: the place of the next read, or the end."""
        stops = [len(line)]
        for place in range(len(line) - 1, -1, -1):
            is_read = self._read[line[place]] is not None
            stops.append(place if is_read else stops[-1])
        return stops[::-1]

    def _next_values(self) -> list[int | None]:
        """Return, by thread, what its next read has seen."""
        return [
            self._read[line[stop[place]]] if stop[place] < len(line) else None
            for line, stop, place in zip(
                self._threads, self._stop, self._place, strict=True
            )
        ]

    def _advance(self) -> list[int] | None:
        """Do all that needs no choice; return the threads to choose from, the best last.

        None if no reads are left; no threads if this leads nowhere.
        """
        while True:
            values = self._next_values()
            value = min((seen for seen in values if seen is not None), default=None)
            if value is None:
                return None
            first = [thread for thread, seen in enumerate(values) if seen == value]
            must = sum(map(self._until_read, first))
            missing = value - self._count - must
            if missing < 0:
                return []
            for thread in first:
                while self._place[thread] < self._stop[thread][self._place[thread]]:
                    self._do(thread)
            if not missing:
                for thread in first:
                    self._do(thread)
                continue
            others = [
                thread
                for thread, seen in enumerate(values)
                if seen != value and self._until_read(thread)
            ]
            if not self._comes_to(missing, others):
                return []
            return self._candidates(missing, others, values)

    def _until_read(self, thread: int) -> int:
        """Return the sum of the adds of a thread up to its next read."""
        place, sums = self._place[thread], self._sum[thread]
        return sums[self._stop[thread][place]] - sums[place]

    def _comes_to(self, missing: int, threads: list[int]) -> bool:
        """Whether threads can come to a sum, each up to its next read."""
        if sum(map(self._until_read, threads)) < missing:
            return False
        if missing > SUMS_UP_TO:
            return True
        mask = (2 << missing) - 1
        bits = 1
        for thread in threads:
            place, sums = self._place[thread], self._sum[thread]
            found = bits
            for total in sums[place + 1 : self._stop[thread][place] + 1]:
                if total - sums[place] > missing:
                    break
                found |= bits << (total - sums[place])
            bits = found & mask
        return bool(bits >> missing)

    def _candidates(
        self, missing: int, threads: list[int], values: list[int | None]
    ) -> list[int]:
        """Return threads whose next add is not too much; who must read soonest is last."""
        found = []
        for thread in threads:
            process, place = self._waits[thread]
            i = self._threads[thread][self._place[thread]]
            if self._delta[i] <= missing and self._place[process] >= place:
                found.append(thread)
        endless = max((value for value in values if value is not None), default=0) + 1
        found.sort(
            key=lambda thread: (
                -(endless if values[thread] is None else values[thread] or 0),
                -thread,
            )
        )
        return found

    def _do(self, thread: int) -> None:
        i = self._threads[thread][self._place[thread]]
        self._place[thread] += 1
        self._vector += self._weights[thread]
        self._count += self._delta[i]
        self._order.append(i)

    def _go_back(self, length: int) -> None:
        while len(self._order) > length:
            i = self._order.pop()
            thread = self._thread[i]
            self._place[thread] -= 1
            self._vector -= self._weights[thread]
            self._count -= self._delta[i]
