"""Linearizability of a counter whose deltas are all equal: exact, in `n log n`.

Source: a greedy schedule by earliest deadlines; the exchange argument is that of
earliest-deadline-first scheduling (Jackson 1955). Deltas that differ make the question
NP-hard: n concurrent adds and one read are a subset sum.

Walk through the events and let the counter grow only when it must. A read is put in
the order as soon as the count is what it has seen: at its call, or when the count comes
by. When a read returns that is not in it yet, the count grows up to what it has seen;
when an add returns that is not, it grows by one. It always grows by the add in flight
that returns first, open ones last. So at every event the count is the least possible,
and the adds that are left are those that can wait longest; whoever finds another order
can change it into this one, add by add.

Answers None for an order other than real time, for anything but a counter, and for
deltas that differ. Adds of 0 do not count.

Violations, with their operations:

* `impossible-value`: a read of what no number of adds leads to;
* `too-few-adds`: the read; `needed` adds lead to what it has seen, but only `called`
  had been called when it returned;
* `overtaken`: the read, of `needed` adds; but there had been `at-least` so many when it
  was called. The operations behind it show that: the last read before whose level had
  to be reached, if any, and the adds that have returned since and did not fit in there.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

from checkers.search._order import Answer

from ._answers import no, yes
from ._events import events_of
from ._insertion import insert_anywhere
from ._units import ADD, IDLE, in_kernel, in_units


if TYPE_CHECKING:
    from checkers.search._order import Order
    from checkers.search._problem import Problem

    from ._units import Units


METHOD = "counter"

FACTS = {"overtaken": ("needed", "at_least"), "too-few-adds": ("needed", "called")}
"""What the kernel's facts are called."""


def test(problem: Problem, order: Order) -> Answer | None:
    """Return whether a counter with equal deltas is linearizable; see the module."""
    if order.kind != "real-time":
        return None
    units = in_units(problem, METHOD)
    if units is None or isinstance(units, Answer):
        return units
    found_in_kernel = in_kernel(problem, order, units, METHOD, FACTS)
    if found_in_kernel:
        return found_in_kernel
    sweep = _Sweep(problem, units)
    wrong = sweep.run()
    if wrong:
        return wrong
    idle = units.idle(problem)
    return yes(METHOD, insert_anywhere(problem, order, sweep.order, idle))


class _Sweep:
    """The walk through the events.

    Attributes:
        order: The witness so far. Its number of adds is `count`.
    """

    def __init__(self, problem: Problem, units: Units) -> None:
        self._problem = problem
        self._level = units.level
        self.order: list[int] = []
        self._count = 0
        self._placed = bytearray(len(problem))
        self._adds: list[int] = []
        self._reads: dict[int, list[int]] = {}
        self._forced: list[int] = []

    def run(self) -> Answer | None:
        """Walk through all events; return a no if one is impossible."""
        classes, level, placed = self._problem.classes, self._level, self._placed
        returns, size = self._problem.returns, len(self._problem)
        for event in events_of(self._problem):
            i = event if event >= 0 else ~event
            seen = level[classes[i]]
            if seen == IDLE or placed[i]:
                continue
            if event < 0:
                if seen == ADD:
                    heappush(self._adds, returns[i] * size + i)
                elif seen == self._count:
                    placed[i] = True
                    self.order.append(i)
                elif seen < self._count:
                    return self._overtaken(i, seen)
                else:
                    self._reads.setdefault(seen, []).append(i)
            elif seen == ADD:
                self._grow()
                self._forced.append(i)
            else:
                if seen > self._count + len(self._adds):
                    called = self._count + len(self._adds)
                    return no(METHOD, "too-few-adds", (i,), needed=seen, called=called)
                while self._count < seen:
                    self._grow()
                self._forced = [i]
        return None

    def _grow(self) -> None:
        """Put the add in flight that returns first in the order, and reads behind."""
        i = heappop(self._adds) % len(self._problem)
        self._count += 1
        following = [i, *self._reads.pop(self._count, ())]
        self.order += following
        for other in following:
            self._placed[other] = True

    def _overtaken(self, i: int, seen: int) -> Answer:
        return no(
            METHOD,
            "overtaken",
            (i, *self._forced),
            needed=seen,
            at_least=self._count,
        )
