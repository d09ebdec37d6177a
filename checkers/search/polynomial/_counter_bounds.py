"""Where a counter contradicts itself, whatever the order: necessary, in `n log n`.

Source: none for the whole; the sweep is earliest deadline first for jobs that can be
interrupted (Horn, Some Simple Scheduling Algorithms, 1974), which finds all that can be
said if only sums matter.

As in `_counter_levels`, reads of the same value stand together, between two values that
were read lies a *gap*, which adds have to fill exactly, and an add belongs to one of the
gaps between the reads around it in its process. Deltas differ here, so:

1.  An add fits into no gap that is smaller than it. What gaps it may be in begins and
    ends with one that it fits into.
2.  If adds could be cut in pieces, earliest deadline first would fill the gaps. If even
    that fails, either too few adds can come before a read, or too many have to.

That deltas are in one piece is only seen by 1. A counter that passes may still be
inconsistent: that is for `_counter_search`.

Violations, with their operations:

* `reads-go-back`: two reads of a process, the second one of less;
* `add-not-seen`: a read of a process or none, an add after it, and a read after that of
  no more than the first one (or than was there at first);
* `add-without-room`: an add that is greater than every gap between `begin` and `end`,
  which its process has read before and after;
* `too-little-added`: a read; `needed` is its value, `possible` is what adds come to that
  can come before it;
* `too-much-added`: adds that come to more than lies between `begin` and `end`, two
  values between which each has to be because of its process, or for want of room
  elsewhere.

Values are sums since the initial one, negated if deltas are negative.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from checkers.search._problem import OPEN

from ._answers import no


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.search._order import Answer
    from checkers.search._problem import Problem


class Job(NamedTuple):
    """An add, and the gaps that it can be in. Gap `g` lies before level number `g`.

    Attributes:
        last: The last gap; `OPEN` for an open add, which can also be in none.
        i: The operation.
        first: The first gap.
    """

    last: int
    i: int
    first: int


def contradiction(
    problem: Problem, delta: Sequence[int], read: Sequence[int | None], method: str
) -> Answer | None:
    """Return a no if there is a contradiction; None if none is found.

    Args:
        problem: A counter.
        delta: By operation: what it adds, not negative; 0 if it adds nothing.
        read: By operation: the sum that it has read, not negative; None if it has none.
        method: The name of the test.
    """
    levels = sorted({0, *(value for value in read if value is not None)})
    jobs = _jobs(problem, delta, read, levels, method)
    if isinstance(jobs, list):
        jobs = _fitted(jobs, delta, levels, method)
    if isinstance(jobs, list):
        return _fill(jobs, delta, read, levels, method)
    return jobs


def _jobs(
    problem: Problem,
    delta: Sequence[int],
    read: Sequence[int | None],
    levels: list[int],
    method: str,
) -> list[Job] | Answer:
    """Return the adds; or a no if a process contradicts itself."""
    number_of = {level: number for number, level in enumerate(levels)}
    latest: dict[int, tuple[int, tuple[int, ...]]] = {}
    adds_of: dict[int, list[int]] = {}
    jobs: list[Job] = []
    for i, (process, end) in enumerate(
        zip(problem.processes, problem.returns, strict=True)
    ):
        before, reads = latest.get(process, (0, ()))
        value = read[i]
        if value is not None:
            now = number_of[value]
            adds = adds_of.pop(process, ())
            if now < before:
                return no(method, "reads-go-back", (*reads, i))
            if adds and now == before:
                return no(method, "add-not-seen", (*reads, adds[0], i))
            jobs += [Job(now, add, before + 1) for add in adds]
            latest[process] = now, (i,)
        elif delta[i] and end == OPEN:
            jobs.append(Job(OPEN, i, before + 1))
        elif delta[i]:
            adds_of.setdefault(process, []).append(i)
    for process, adds in adds_of.items():
        before, _ = latest.get(process, (0, ()))
        jobs += [Job(len(levels), add, before + 1) for add in adds]
    return jobs


def _fitted(
    jobs: list[Job], delta: Sequence[int], levels: list[int], method: str
) -> list[Job] | Answer:
    """Return the adds with windows that begin and end with a gap that is big enough."""
    endless = len(levels)
    by_size = sorted(range(1, endless), key=lambda gap: levels[gap] - levels[gap - 1])
    enough = [endless]
    fitted = []
    for job in sorted(jobs, key=lambda job: -delta[job.i]):
        size = delta[job.i]
        while by_size and levels[by_size[-1]] - levels[by_size[-1] - 1] >= size:
            insort(enough, by_size.pop())
        first = enough[bisect_left(enough, job.first)]
        last = job.last
        if last < endless:
            last = enough[bisect_right(enough, last) - 1] if first <= last else 0
        if last < first:
            begin, end = levels[job.first - 1], levels[job.last]
            return no(method, "add-without-room", (job.i,), begin=begin, end=end)
        fitted.append(Job(last, job.i, first))
    return fitted


def _fill(
    jobs: list[Job],
    delta: Sequence[int],
    read: Sequence[int | None],
    levels: list[int],
    method: str,
) -> Answer | None:
    """Return a no if gaps cannot be filled even by pieces of adds."""
    starting: list[list[Job]] = [[] for _ in range(len(levels) + 1)]
    for job in jobs:
        starting[job.first].append(job)
    left = list(delta)
    waiting: list[Job] = []
    for gap in range(1, len(levels)):
        for job in starting[gap]:
            heappush(waiting, job)
        room = levels[gap] - levels[gap - 1]
        while room and waiting:
            i = waiting[0].i
            piece = min(room, left[i])
            room -= piece
            left[i] -= piece
            if not left[i]:
                heappop(waiting)
        if room:
            return no(
                method,
                "too-little-added",
                (read.index(levels[gap]),),
                needed=levels[gap],
                possible=levels[gap] - room,
            )
        if waiting and waiting[0].last <= gap:
            return _too_many(jobs, delta, levels, gap, method)
    return None


def _too_many(
    jobs: list[Job], delta: Sequence[int], levels: list[int], gap: int, method: str
) -> Answer:
    """Return the no of adds that have to be in too few gaps, of which this is the last.

    There are such adds, namely all that belong to some of the gaps up to this one.
    """
    inside = sorted(
        (job for job in jobs if job.last <= gap), key=lambda job: -job.first
    )
    total = 0
    for count, job in enumerate(inside, 1):
        total += delta[job.i]
        begin = levels[job.first - 1]
        if total > levels[gap] - begin:
            adds = sorted(job.i for job in inside[:count])
            return no(method, "too-much-added", adds, begin=begin, end=levels[gap])
    raise AssertionError("earliest deadline first fails on too many adds only")
