"""A set as if it had few elements: what shows a violation, without all the others.

A read of a set that grows returns hundreds of elements, of which two at most show what
is wrong with it. With the others left out, of states and of what reads returned, each
order that explained the whole explains what is left, so that what has no order then
had none before.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import msgspec

from checkers._wording import listed
from checkers.models import Set, freeze, shown, thaw
from checkers.search._automata import ModelAutomaton
from checkers.search._problem import (
    MARK_KNOWN,
    MARK_UNKNOWN,
    NOTHING,
    ClassTable,
)

from ._subproblem import restrict


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.models import Frozen
    from checkers.search import Answer, Problem


class FewElements(ModelAutomaton):
    """A set of few elements, which tells of reads which of them they had."""

    __slots__ = ("elements",)

    def __init__(
        self, model: Set, table: ClassTable, pure: list[bool], elements: list[Frozen]
    ) -> None:
        super().__init__(model, table, pure)
        self.elements = elements

    def describe_class(self, cls: int) -> str:
        """Return what is added, or what a read has and lacks."""
        call = self.call(cls)
        if call.f != "read":
            return super().describe_class(cls)
        has = [shown(each) for each in self.elements if each in call.output]
        lacks = [shown(each) for each in self.elements if each not in call.output]
        told = [f"has {listed(has)}"] if has else []
        told += [f"lacks {listed(lacks)}"] if lacks else []
        return f"read: {', '.join(told)}"


def with_few_elements(problem: Problem, answer: Answer) -> tuple[Problem, Answer]:
    """Return a problem of the elements that show a no, and the no to it.

    If the answer names no elements, they are what they were.
    """
    named = answer.explanation.get("elements")
    if not named:
        return problem, answer
    elements = list(map(freeze, named))
    automaton = problem.automaton
    calls = {cls: automaton.call(cls) for cls in set(problem.classes)}
    kept = [
        i
        for i, cls in enumerate(problem.classes)
        if calls[cls].f == "read" or calls[cls].input in elements
    ]
    number = {i: position for position, i in enumerate(kept)}
    operations = [number[i] for i in answer.explanation["operations"] if i in number]
    operations += [number[i] for i in kept if calls[problem.classes[i]].f != "read"]
    explanation = {**answer.explanation, "operations": operations}
    return (
        _of_few(restrict(problem, kept), calls, elements),
        msgspec.structs.replace(answer, explanation=explanation, prefix=array("I")),
    )


def _of_few(problem: Problem, calls: dict[int, Any], elements: list[Frozen]) -> Problem:
    """Return operations with the classes that they have if there are no others."""
    functions = sorted({call.f for call in calls.values()})
    values: dict[Frozen, int] = {}
    numbers: dict[tuple[str, Frozen], int] = {}
    f, inputs, outputs, mark = bytearray(), array("i"), array("i"), bytearray()
    pure: list[bool] = []
    classes = array("I")
    for cls in problem.classes:
        call = calls[cls]
        reads = call.f == "read"
        value = (
            tuple(each for each in elements if each in _members(call.output))
            if reads
            else call.input
        )
        known = numbers.setdefault((call.f, value), len(numbers))
        if known == len(pure):
            at = values.setdefault(value, len(values))
            f.append(functions.index(call.f))
            inputs.append(NOTHING if reads else at)
            outputs.append(at if reads else NOTHING)
            mark.append(MARK_KNOWN if reads else MARK_UNKNOWN)
            pure.append(reads)
        classes.append(known)
    nobody = array("q", [NOTHING]) * len(pure)
    table = ClassTable(functions, f, inputs, outputs, mark, nobody, list(values))
    initial = problem.automaton.model.initial.intersection(elements)
    model = Set(list(map(thaw, initial)))
    return msgspec.structs.replace(
        problem,
        classes=classes,
        automaton=FewElements(model, table, pure, elements),
        table=table,
    )


def _members(output: Sequence[Frozen]) -> frozenset[Frozen]:
    return frozenset(output)
