"""Linearizability and sequential consistency of a lock with an owner: `n log n`.

Source: the zones of Gibbons and Korach (see `_zones`) for a resource that one holds at a
time; the rest is as described here.

Only the process that has acquired the lock can release it, so every process acquires
and releases it in turns. What lies between is a *section*. As late as it can, a section
begins when its acquire returns; as early as it can, it ends when its release is called.
Between these two it holds the lock for certain, and if no two sections do at the same
time, every section can be as short as that: this order is the witness.

An open acquire took effect only if it was released. An open release may have taken
effect as soon as it was called. A section that is not released lasts for ever.

In program order, sections of different processes can come in any order; only that of
two processes both hold the lock for ever is impossible.

Answers None for a relaxed order, for anything but an owned mutex, and where a process
has gone on after an operation that never returned.

Violations, with their operations (-1 for a release that there is not):

* `not-in-turns`: an operation of a process, and the one before it, or -1: it acquired
  what it already had, or released what it had not;
* `held-twice`: acquire and release of one section and of another, which both held the
  lock; in program order, both for ever.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from checkers import kernel
from checkers.models import OwnedMutex
from checkers.search._order import Answer
from checkers.search._problem import OPEN

from ._answers import no, yes


if TYPE_CHECKING:
    from checkers.search._order import Order
    from checkers.search._problem import Problem


METHOD = "owned-mutex"

NOBODY = -1


class Section(NamedTuple):
    """One time that a process holds the lock for certain; sorts by its begin.

    Attributes:
        begin: The return of its acquire.
        end: The call of its release, or `OPEN`.
        acquire: The operation.
        release: The operation, or -1.
    """

    begin: int
    end: int
    acquire: int
    release: int


def test(problem: Problem, order: Order) -> Answer | None:
    """Return whether the sections of a lock can follow each other; see the module."""
    if order.kind == "relaxed" or problem.table is None:
        return None
    if not isinstance(problem.automaton.model, OwnedMutex):
        return None
    if kernel.native():
        return _in_kernel(problem, order)
    sections = _sections(problem)
    if sections is None or isinstance(sections, Answer):
        return sections
    if order.kind == "program":
        # Those of one process stay in their order; the endless one is its last.
        sections.sort(key=lambda section: section.end == OPEN)
        clash = next((p for p in pairwise(sections) if p[0].end == OPEN), None)
    else:
        sections.sort()
        clash = next((p for p in pairwise(sections) if p[1].begin < p[0].end), None)
    if clash:
        return no(METHOD, "held-twice", [i for section in clash for i in section[2:]])
    operations = (i for section in sections for i in section[2:])
    return yes(METHOD, (i for i in operations if i != NOBODY))


def _in_kernel(problem: Problem, order: Order) -> Answer | None:
    said = kernel.Roles(roles=bytes(_acquires(problem)), by_process=True)
    verdict = kernel.decide_by(METHOD, problem, order, said)
    if verdict is None or verdict.outcome == "unfit":
        return None
    if verdict.outcome == "yes":
        return yes(METHOD, verdict.operations)
    return no(METHOD, verdict.violation, verdict.operations)


def _acquires(problem: Problem) -> list[bool]:
    """Return, by class, whether it acquires."""
    table = problem.table
    assert table is not None, "a lock is no register"
    return [table.functions[f] == "acquire" for f in table.f]


def _sections(problem: Problem) -> list[Section] | Answer | None:
    """Return the sections of all processes, each process's in their order.

    It is a no if a process does not take turns, and None if one goes on after an open
    operation.
    """
    acquires = _acquires(problem)
    last_of: dict[int, int] = {}
    ended: set[int] = set()
    sections: list[Section] = []
    wrong: tuple[int, int] | None = None
    for i, (cls, process, end) in enumerate(
        zip(problem.classes, problem.processes, problem.returns, strict=True)
    ):
        if process in ended:
            return None
        if end == OPEN:
            ended.add(process)
        last = last_of.get(process, NOBODY)
        holds = last != NOBODY and acquires[problem.classes[last]]
        if holds and not acquires[cls]:
            begin, until = problem.returns[last], problem.calls[i]
            sections.append(Section(begin, until, last, i))
        elif end == OPEN:
            continue
        elif holds or not acquires[cls]:
            wrong = wrong or (i, last)
        last_of[process] = i
    if wrong:
        return no(METHOD, "not-in-turns", wrong)
    sections += [
        Section(problem.returns[i], OPEN, i, NOBODY)
        for i in last_of.values()
        if acquires[problem.classes[i]]
    ]
    return sections
