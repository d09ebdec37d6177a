"""What a no gives as its proof proves it."""

from __future__ import annotations

import json
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.ladder._subproblem import restrict
from checkers.models import freeze, priority, shown
from checkers.search import OPEN
from checkers.search._order import openings
from checkers.search.polynomial import SEARCHES, TESTS, _registers, decide

from .drawn import truth
from .kinds import KINDS


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers.search import Answer, Order, Problem


class Evidence:
    """A no, and what can be asked of its operations. -1 is before, or behind, all."""

    def __init__(self, problem: Problem, order: Order, answer: Answer) -> None:
        self.problem, self.order = problem, order
        self.facts = answer.explanation
        self.operations: list[int] = answer.explanation["operations"]

    def call(self, i: int) -> Any:
        return self.problem.automaton.call(self.problem.classes[i])

    def precedes(self, first: int, second: int) -> bool:
        """Whether one operation has to come before another; -1 is the start."""
        problem = self.problem
        if first == -1:
            return True
        end = problem.returns[first]
        if end < openings(problem, self.order)[second]:
            return True
        same = problem.processes[first] == problem.processes[second]
        return same and self.order.kind != "real-time" and end < problem.calls[second]

    def value(self, i: int) -> Any:
        """The value that an operation leaves behind; -1 the initial one."""
        if i == -1:
            return self.problem.automaton.model.initial[0]
        call = self.call(i)
        return call.output if call.f == "read" else call.input

    def in_container(self, insertion: int, removal: int) -> tuple[int, int]:
        """From and to which event an element is there for certain."""
        begin = -1 if insertion == -1 else self.problem.returns[insertion]
        end = OPEN if removal == -1 else self.problem.calls[removal]
        if removal != -1:
            begin = min(begin, self.problem.returns[removal])
        return begin, end


def zones_overlap(found: Evidence) -> bool:
    """Each of two blocks has to come before the other."""
    first, last, other_first, other_last = found.operations[:4]
    return found.precedes(first, other_last) and found.precedes(other_first, last)


def cycle(found: Evidence) -> bool:
    """All pairs are in order, and what joins them is one block."""
    along = found.operations[: 2 * len(found.facts["reasons"])]
    pairs = zip(along[::2], along[1::2], strict=True)
    return all(found.precedes(*pair) for pair in pairs)


def process_goes_back(found: Evidence) -> bool:
    """Both are of one process."""
    return found.precedes(*found.operations[:2])


def too_many_adds(found: Evidence) -> bool:
    """More adds than there is room for."""
    room = found.facts["end"] - found.facts["begin"]
    return len(found.operations) > room == found.facts["room"]


def out_of_order(found: Evidence) -> bool:
    """One was enqueued first and dequeued last."""
    x_in, y_in, y_out, x_out = found.operations
    came = x_in == -1 or y_in != -1
    if x_in != -1:
        end = min(found.problem.returns[x_in], found.in_container(x_in, x_out)[0])
        came = end < found.problem.calls[y_in]
    return came and (x_out == -1 or found.precedes(y_out, x_out))


def never_empty(found: Evidence) -> bool:
    """At every instant of an operation, some element was there for certain."""
    i, *rest = found.operations
    return covered(found, found.problem.calls[i], found.problem.returns[i], rest)


def covered(found: Evidence, begin: int, end: int, operations: list[int]) -> bool:
    """Whether there is always one of some elements between two events."""
    for insertion, removal in zip(operations[::2], operations[1::2], strict=True):
        there, gone = found.in_container(insertion, removal)
        if there > begin:
            return False
        begin = gone
    return begin >= end


def never_least(found: Evidence) -> bool:
    """There was always one that comes first."""
    insertion, poll, *rest = found.operations
    begin = found.problem.calls[poll]
    if insertion != -1:
        begin = max(begin, found.problem.calls[insertion])
    least, *others = map(json.loads, found.facts["values"])
    return covered(found, begin, found.problem.returns[poll], rest) and all(
        priority(freeze(other)) < priority(freeze(least)) for other in others
    )


def no_lowest(found: Evidence) -> bool:
    """The elements are one group, and none of them spans it."""
    problem = found.problem
    pairs = list(zip(found.operations[::2], found.operations[1::2], strict=True))
    there = [shown(element) for element in problem.automaton.model.initial]
    # Of each: when it can have come first, when it is there for certain, and when it
    # can be gone last. What was there at first came in this order, before all calls.
    spans = []
    for (push, pop), value in zip(pairs, found.facts["values"], strict=True):
        begin, end = found.in_container(push, pop)
        early = problem.calls[push]
        if push == -1:
            begin = 2 * (there.index(value) - len(there)) + 1
            early = begin - 1
        spans.append(
            (early, begin, end, problem.returns[pop] if pop != -1 else OPEN + 1)
        )
    first, last = min(span[1] for span in spans), max(span[2] for span in spans)
    together = all(
        any(begin <= event < end for _, begin, end, _ in spans)
        for event in range(first, min(last, 2 * len(problem)))
    )
    return together and not any(
        early < first and late > last for early, _, _, late in spans
    )


def circle(found: Evidence) -> bool:
    """Every step of it, and of what its steps rest on, is what it is said to be."""
    problem = found.problem
    known: set[tuple[int, int]] = set()

    def writer_of(read: int) -> int:
        seen = found.call(read)
        key, value = problem.registers.key[problem.classes[read]], _seen(seen)  # type: ignore[union-attr] # of stores
        for i, cls in enumerate(problem.classes):
            call = problem.automaton.call(cls)
            if problem.registers.key[cls] == key and _written(call) == value:  # type: ignore[union-attr] # of stores
                return i
        return -1

    def is_step(before: int, after: int) -> bool:
        return (
            found.precedes(before, after)
            or writer_of(after) == before
            or (before, after) in known
        )

    for step in found.facts["derived"]:
        path, read = step["path"], step["read"]
        if not all(is_step(*pair) for pair in pairwise(path)):
            return False
        source = writer_of(read)
        if step["reason"] == "overwritten-by":
            right = (path[0], path[-1], step["to"]) == (step["from"], read, source)
        elif path:
            right = (path[0], path[-1]) == (source, step["to"])
        else:
            right = source == -1
        if step["reason"] == "read-before":
            right = right and step["from"] == read
        if not right or _written(found.call(step["to"])) is None:
            return False
        known.add((step["from"], step["to"]))
    along = found.operations[: len(found.facts["reasons"])]
    steps = zip(along, along[1:] + along[:1], strict=True)
    return all(is_step(*step) for step in steps)


def _seen(call: Any) -> Any:
    if call.f == "cas":
        return None if call.failed else call.input[0]
    return call.output if call.f == "read" else None


def _written(call: Any) -> Any:
    if call.f == "write":
        return call.input
    changes = call.f == "cas" and not call.failed and call.input[0] != call.input[1]
    return call.input[1] if changes else None


def incomparable(found: Evidence) -> bool:
    """Each read has seen an add that the other has not: their difference tells."""
    first, second = found.operations
    return found.call(first).output != found.call(second).output


CHECKS: dict[str, Callable[[Evidence], bool]] = {
    "zones-overlap": zones_overlap,
    "chain-against-time": process_goes_back,
    "read-before-write": process_goes_back,
    "cycle": cycle,
    "process-goes-back": process_goes_back,
    "against-order": process_goes_back,
    "reads-go-back": process_goes_back,
    "too-many-adds": too_many_adds,
    "rank-goes-back": process_goes_back,
    "incomparable-reads": incomparable,
    "out-of-order": out_of_order,
    "never-empty": never_empty,
    "never-the-least": never_least,
    "no-lowest": no_lowest,
    "circle": circle,
}


def check(name: str, rng: Random) -> str | None:
    """Check the proof of a no, and return the violation."""
    kind = KINDS[name]
    problem, order = kind.problem(rng)
    test = TESTS.get(kind.method)
    answer = (
        test(problem, order) if test else SEARCHES[kind.method](problem, order, None)
    )
    if not answer or answer.outcome != "no":
        return None
    violation: str = answer.explanation["violation"]
    if violation in CHECKS:
        assert CHECKS[violation](Evidence(problem, order, answer)), answer
    return violation


@pytest.mark.parametrize("name", KINDS)
@given(seed=st.integers(min_value=0, max_value=2**64))
@settings(max_examples=300, deadline=None)
def test_the_evidence_of_a_no_proves_it(name: str, seed: int) -> None:
    """Operations, read again, are in the order that cannot be."""
    check(name, Random(seed))


def test_a_circle_is_found_behind_long_derivations_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With no search before, the rules have to find all that they can."""
    monkeypatch.setattr(_registers, "EASY", 0)
    found = [check("registers", Random(seed)) for seed in range(3000)]
    assert found.count("circle") > 100


ALONE = {
    "zones-overlap",
    "read-before-write",
    "chain-against-time",
    "process-goes-back",
    "cycle",
    "circle",
    "out-of-order",
    "never-empty",
    "never-the-least",
    "no-lowest",
    "removed-twice",
    "removed-before-inserted",
    "held-twice",
}
"""Violations whose operations are a history that has one too."""


@pytest.mark.parametrize("name", KINDS)
def test_the_operations_of_a_no_are_a_no_alone(name: str) -> None:
    """So that a report can begin with them."""
    kind = KINDS[name]
    for seed in range(1500):
        problem, order = kind.problem(Random(seed))
        answer = decide(problem, order)
        if not answer or answer.explanation.get("violation") not in ALONE:
            continue
        named = sorted({i for i in answer.explanation["operations"] if i >= 0})
        part = restrict(problem, named)
        assert not truth(part, order), answer
        again = decide(part, order)
        assert again is None or again.outcome == "no"
