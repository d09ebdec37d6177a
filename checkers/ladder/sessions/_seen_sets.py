"""What reads of a set reveal that only grows: all the adds that they saw.

Where nothing reads the whole, elements are sets of their own, and a `contains` reads
all that there is of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.models import ADDING, FALSE, TRUE, shown

from ._revealed import Impossible, Revealed
from ._visibility import Act


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.models import Call, Frozen
    from checkers.search import Problem


def set_acts(problem: Problem, key: int, positions: Sequence[int]) -> Revealed:
    """Return the operations on a set as acts. Linear in the size of the history.

    Elements that are added more than once are left out.

    Args:
        problem: The operations.
        key: The number of the set.
        positions: The operations' positions in the columns of the history.
    """
    automaton = problem.automaton
    calls = [automaton.call(cls) for cls in range(len(automaton.pure))]
    elements_asked = {call.input for call in calls if call.f != "read"}
    asked = {call.f for call in calls}
    if "remove" in asked:
        return Revealed(lacking="a remove hides who had seen the element before")
    if {"contains", "read"} <= asked or (
        "contains" in asked and len(elements_asked) > 1
    ):
        return Revealed(lacking="'contains' shows no more than one element")
    initial: frozenset[Frozen] = automaton.model.initial
    adds: dict[Frozen, int] = {}
    repeated: set[Frozen] = set(initial)
    lacking = None
    for position, cls in zip(positions, problem.classes, strict=True):
        call = calls[cls]
        if call.f not in ADDING:
            continue
        if call.known and call.output == FALSE:
            lacking = "an add says that it changed nothing"
        if adds.setdefault(call.input, position) != position or call.input in initial:
            repeated.add(call.input)
            lacking = f"{shown(call.input)} is added more than once"
    unclear = repeated - initial
    acts = [
        Act(position, key, updates=True)
        for element, position in adds.items()
        if element not in repeated
    ]
    for position, cls in zip(positions, problem.classes, strict=True):
        if calls[cls].f in ADDING:
            continue
        elements = _found(calls[cls])
        why = _why_impossible(elements, adds, initial)
        if why is not None:
            name, clause = why
            return Revealed(impossible=Impossible(name, position, (), clause))
        found = [
            adds[element]
            for element in elements
            if element not in initial and element not in unclear
        ]
        acts.append(Act(position, key, shown=found))
    return Revealed(acts, lacking)


def _found(call: Call) -> tuple[Frozen, ...]:
    """Return the elements that a read returned, or that was asked for if it is there."""
    if call.f == "contains":
        return (call.input,) if call.output == TRUE else ()
    elements: tuple[Frozen, ...] = call.output
    return elements


def _why_impossible(
    elements: tuple[Frozen, ...], adds: dict[Frozen, int], initial: frozenset[Frozen]
) -> tuple[str, str] | None:
    """Return what no choice of adds explains about a read: the anomaly, and a clause."""
    for element in elements:
        if element not in adds and element not in initial:
            return "phantom-element", f"returned {shown(element)}, which nobody added"
    for element in sorted(initial.difference(elements), key=shown):
        clause = f"lacks {shown(element)}, which was there from the beginning"
        return "lost-element", clause
    return None
