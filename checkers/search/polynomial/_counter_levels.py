"""Sequential consistency of a counter whose deltas are all equal: exact, `n log n`.

Source: unit jobs with release times and deadlines, earliest deadline first (Jackson
1955). Deltas that differ make the question strongly NP-hard (3-partition), see
`_counter_search`.

Reads that saw the same number of adds, their *level*, stand together in any legal
order. Between two levels that were read lies a *gap*, which has to be filled by exactly
as many adds as the levels differ by; behind the last one is a gap without bound. An add
between two reads of a process belongs to one of the gaps between their levels. All adds
being equal, what remains is to fill gaps: the first one first, always with the add that
has to be in place the soonest. Open adds can wait for ever. Adds between the same two
reads of a process are taken in their order.

Witness: gap by gap its adds, then the reads of the level.

Answers None for an order other than program order, for anything but a counter, and for
deltas that differ. Adds of 0 do not count.

Violations, with their operations:

* `impossible-value`: as in `_counter`;
* `reads-go-back`: two reads of a process, the second one of a lower level;
* `add-not-seen`: a read, an add, and a read of a process, both of the same level;
* `too-few-adds`: a read; `needed` adds lead to its level, but only `possible` can come
  before it;
* `too-many-adds`: adds that all have to come between two levels that were read, which
  have only `room` for less. The two levels are `begin` and `end`.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

from checkers.search._order import Answer
from checkers.search._problem import OPEN

from ._answers import no, yes
from ._counter_bounds import Job
from ._insertion import insert_anywhere
from ._units import ADD, IDLE, in_kernel, in_units


if TYPE_CHECKING:
    from checkers.search._order import Order
    from checkers.search._problem import Problem

    from ._units import Units


METHOD = "counter-levels"

FACTS = {
    "too-few-adds": ("needed", "possible"),
    "too-many-adds": ("room", "begin", "end"),
}
"""What the kernel's facts are called."""


def test(problem: Problem, order: Order) -> Answer | None:
    """Return whether a counter with equal deltas is sequentially consistent."""
    if order.kind != "program":
        return None
    units = in_units(problem, METHOD)
    if units is None or isinstance(units, Answer):
        return units
    found_in_kernel = in_kernel(problem, order, units, METHOD, FACTS)
    if found_in_kernel:
        return found_in_kernel
    levels = sorted({0, *(level for level in units.level if level >= 0)})
    jobs = _jobs(problem, units, levels)
    if isinstance(jobs, Answer):
        return jobs
    gaps = _fill(problem, units, levels, jobs)
    if isinstance(gaps, Answer):
        return gaps
    reads: dict[int, list[int]] = {}
    for i, cls in enumerate(problem.classes):
        if units.level[cls] >= 0:
            reads.setdefault(units.level[cls], []).append(i)
    line = list(reads.get(0, ()))
    for level, adds in zip(levels[1:], gaps, strict=False):
        line += adds
        line += reads[level]
    line += gaps[-1]
    return yes(METHOD, insert_anywhere(problem, order, line, units.idle(problem)))


def _jobs(problem: Problem, units: Units, levels: list[int]) -> list[Job] | Answer:
    """Return the adds; or a no if a process contradicts itself."""
    number_of = {level: number for number, level in enumerate(levels)}
    read_of: dict[int, int] = {}
    adds_of: dict[int, list[int]] = {}
    jobs: list[Job] = []
    level_of = units.level

    def number(read: int | None) -> int:
        return 0 if read is None else number_of[level_of[problem.classes[read]]]

    for i, (cls, process, end) in enumerate(
        zip(problem.classes, problem.processes, problem.returns, strict=True)
    ):
        level = level_of[cls]
        last = read_of.get(process)
        if level == ADD:
            if end == OPEN:
                jobs.append(Job(OPEN, i, number(last) + 1))
            else:
                adds_of.setdefault(process, []).append(i)
        elif level != IDLE:
            adds = adds_of.pop(process, ())
            before, now = number(last), number_of[level]
            if now < before and last is not None:
                return no(METHOD, "reads-go-back", (last, i))
            if adds and now <= before:
                reads = [i] if last is None else [last, i]
                return no(METHOD, "add-not-seen", (*reads[:-1], adds[0], i))
            jobs += [Job(now, add, before + 1) for add in adds]
            read_of[process] = i
    for process, adds in adds_of.items():
        first = number(read_of.get(process)) + 1
        jobs += [Job(len(levels), add, first) for add in adds]
    return jobs


def _fill(
    problem: Problem, units: Units, levels: list[int], jobs: list[Job]
) -> list[list[int]] | Answer:
    """Return, by gap, its adds; or a no if they do not fit."""
    starting: list[list[Job]] = [[] for _ in range(len(levels) + 1)]
    for job in jobs:
        starting[job.first].append(job)
    gaps: list[list[int]] = []
    waiting: list[Job] = []
    for gap in range(1, len(levels)):
        for job in starting[gap]:
            heappush(waiting, job)
        room = levels[gap] - levels[gap - 1]
        if len(waiting) < room:
            possible = levels[gap - 1] + len(waiting)
            reader = next(
                i
                for i, cls in enumerate(problem.classes)
                if units.level[cls] == levels[gap]
            )
            return no(
                METHOD,
                "too-few-adds",
                (reader,),
                needed=levels[gap],
                possible=possible,
            )
        gaps.append([heappop(waiting).i for _ in range(room)])
        if waiting and waiting[0].last <= gap:
            return _too_many(levels, jobs, gap)
    waiting += starting[-1]
    gaps.append(sorted(job.i for job in waiting if job.last != OPEN))
    return gaps


def _too_many(levels: list[int], jobs: list[Job], gap: int) -> Answer:
    """Return the no of adds that have to be in too few gaps, of which this is the last.

    By Hall's theorem there are such adds, namely all that belong to some of the gaps up
    to this one.
    """
    inside = sorted(
        (job for job in jobs if job.last <= gap), key=lambda job: -job.first
    )
    for count, job in enumerate(inside, 1):
        begin = levels[job.first - 1]
        if count > levels[gap] - begin:
            return no(
                METHOD,
                "too-many-adds",
                sorted(job.i for job in inside[:count]),
                room=levels[gap] - begin,
                begin=begin,
                end=levels[gap],
            )
    raise AssertionError("earliest deadlines first fails on too many adds only")
