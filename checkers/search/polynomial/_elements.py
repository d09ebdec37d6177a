"""The elements of a queue or a stack: which operation put each in, which took it out.

Where no element is put in twice, every removal names its insertion (*unambiguous*
histories, in the words of Lee and Mathur, Efficient Decrease-and-Conquer
Linearizability Monitoring, OOPSLA 2025, arXiv 2410.04581; their intervals are
*tightened* in the same way). What is never taken out may have equals: they are elements
of their own. An open insertion of what is never taken out is left out: without it an
order stays legal.

Of an open removal nobody knows what it took, so it may have taken any element that
nothing else took, or nothing. Which one is up to the test.

An element has to be in the container after its insertion has returned, and until its
removal is called: its *critical interval*, if these events are in this order.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from checkers.models import Container, shown
from checkers.search._problem import MARK_KNOWN, OPEN

from ._answers import no


if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkers.models import Frozen
    from checkers.search._order import Answer
    from checkers.search._problem import ClassTable, Problem


NOBODY = -1


class Elements(NamedTuple):
    """Elements, numbered from 0 by insertion, and their events.

    Elements that were there at first come first, with insertions before all calls:
    events here are those of the problem and `shift` more. Columns of events are
    tightened: an insertion is over before the removal is, a removal is called after
    the insertion was. `end` is an event
    behind them all. No removal means one that is called and returns behind `end`.

    Attributes:
        value: By element: the element, frozen.
        insertion: By element: the operation; -1 if it was there at first.
        removal: By element: the operation; -1 if there is none.
        inserted_from: By element: the call of its insertion.
        inserted_by: By element: the return of its insertion.
        removed_from: By element: the call of its removal.
        removed_by: By element: the return of its removal.
        empties: The operations that found nothing.
        takers: The open removals.
        shift: What is added to the events of the problem.
        end: An event behind all others.
    """

    value: list[Frozen]
    insertion: list[int]
    removal: list[int]
    inserted_from: list[int]
    inserted_by: list[int]
    removed_from: list[int]
    removed_by: list[int]
    empties: list[int]
    takers: list[int]
    shift: int
    end: int

    @property
    def size(self) -> int:
        """The number of elements."""
        return len(self.value)

    def shown(self, element: int) -> str:
        """Return an element as text."""
        return shown(self.value[element])

    def kept(self) -> list[int]:
        """Return the elements that nothing is known to have taken out."""
        return [element for element, i in enumerate(self.removal) if i == NOBODY]

    def given(
        self, problem: Problem, pairs: Iterable[tuple[int, int]], *, removed_by: int
    ) -> Elements:
        """Return these elements with some that were kept given to open removals.

        Args:
            problem: The problem.
            pairs: Elements and open removals.
            removed_by: The event that counts as the return of the latter.
        """
        given = self._replace(
            removal=self.removal[:],
            removed_from=self.removed_from[:],
            removed_by=self.removed_by[:],
        )
        for element, taker in pairs:
            called = problem.calls[taker] + self.shift
            given.removal[element] = taker
            given.removed_from[element] = max(called, self.inserted_from[element])
            given.removed_by[element] = removed_by
        return given


def elements_of(problem: Problem, method: str) -> Elements | Answer | None:
    """Return the elements of a container; None if one that was taken out is not unique.

    A no is returned for what was taken out twice, was never put in, or was taken out
    before that. Linear.
    """
    model, table = problem.automaton.model, problem.table
    if table is None or not isinstance(model, Container):
        return None
    inserts = [table.functions[f] == model.inserting for f in table.f]
    number = {value: i for i, value in enumerate(table.values)}
    first = [number.setdefault(value, len(number)) for value in model.initial]
    values = list(number)
    pairs = _pair(problem, table, inserts, first, len(values))
    if pairs is None:
        return None
    for value, i in enumerate(pairs.removal):
        if i != NOBODY and not pairs.times[value]:
            return no(method, "never-inserted", (i,), value=shown(values[value]))
    if pairs.again:
        value = table.output[problem.classes[pairs.again[0]]]
        text = shown(values[value])
        inserted = [
            i
            for i, cls in enumerate(problem.classes)
            if inserts[cls] and table.input[cls] == value
        ]
        return no(method, "removed-twice", pairs.again[:2] + inserted, value=text)
    elements = _columns(problem, values, inserts, first, pairs)
    for element, i in enumerate(elements.insertion):
        if elements.removed_by[element] < elements.inserted_from[element]:
            both = (elements.removal[element], i)
            text = elements.shown(element)
            return no(method, "removed-before-inserted", both, value=text)
    return elements


class _Pairs(NamedTuple):
    """What was put in and taken out, by value.

    Attributes:
        times: How often it was put in; 2 for more.
        removal: The first operation that took it out, or -1.
        again: Pairs of operations that took out the same value, one after the other.
        empties: The operations that found nothing.
        takers: The open removals.
    """

    times: bytearray
    removal: list[int]
    again: list[int]
    empties: list[int]
    takers: list[int]


def _pair(
    problem: Problem,
    table: ClassTable,
    inserts: list[bool],
    first: list[int],
    size: int,
) -> _Pairs | None:
    """Return who took out what; None if that is not clear. A hot loop, and whole."""
    found = _Pairs(bytearray(size), [NOBODY] * size, [], [], [])
    times, removal = found.times, found.removal
    for value in first:
        times[value] = min(times[value] + 1, 2)
    inputs, outputs, marks, values = table.input, table.output, table.mark, table.values
    for i, (cls, end) in enumerate(zip(problem.classes, problem.returns, strict=True)):
        if inserts[cls]:
            value = inputs[cls]
            times[value] = 2 if times[value] else 1
        elif marks[cls] != MARK_KNOWN:
            if end != OPEN:
                return None
            found.takers.append(i)
        else:
            value = outputs[cls]
            if removal[value] != NOBODY:
                found.again.extend((removal[value], i))
            elif values[value] is None:
                found.empties.append(i)
            else:
                removal[value] = i
    if any(twice == 2 and i >= 0 for twice, i in zip(times, removal, strict=True)):
        return None
    return found


def _columns(
    problem: Problem,
    values: list[Frozen],
    inserts: list[bool],
    first: list[int],
    pairs: _Pairs,
) -> Elements:
    """Return the elements with their events. A hot loop, and whole for that."""
    shift = 2 * len(first)
    end = shift + 2 * len(problem)
    found = Elements(
        [], [], [], [], [], [], [], pairs.empties, pairs.takers, shift, end
    )
    calls, returns, removal = problem.calls, problem.returns, pairs.removal
    inputs = problem.table.input if problem.table else ()
    initial = ((NOBODY, value, 2 * k, 2 * k + 1) for k, value in enumerate(first))
    called = (
        (i, inputs[cls], call + shift, by + shift)
        for i, (cls, call, by) in enumerate(
            zip(problem.classes, calls, returns, strict=True)
        )
        if inserts[cls]
    )
    for i, value, inserted_from, inserted_by in chain(initial, called):
        taken = removal[value]
        if taken != NOBODY:
            removed_from = max(calls[taken] + shift, inserted_from)
            removed_by = returns[taken] + shift
        elif inserted_by > end:
            continue
        else:
            removed_from, removed_by = end + 1, end + 2
        found.value.append(values[value])
        found.insertion.append(i)
        found.removal.append(taken)
        found.inserted_from.append(inserted_from)
        found.inserted_by.append(min(inserted_by, removed_by))
        found.removed_from.append(removed_from)
        found.removed_by.append(removed_by)
    return found
