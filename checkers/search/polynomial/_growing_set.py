"""Sets that are added to and read as a whole: exact, in all orders, and all but linear.

Source: as counters of which a read is a vector of adds; elements are what tells the
adds apart. A set that only grows has passed through a chain of states, so that what
reads have returned, their *views*, are a chain too: each contains all that are smaller.
In a legal order, reads of the view number `k` stand together, at rank `2k`, and the
adds that bring what is new in it stand right before them, at rank `2k - 1`. Adds that
nobody saw are behind all. Within a rank, operations commute. So there is a witness if
and only if no operation has to come before one of a lower rank.

Where an element is added again, one add brings it, and the others may come at any later
rank. They take the lowest that what precedes them allows, and so does what is added
that was there at first; in the end one add of each element has to stand where it is
needed.

Witness: by rank, then by call. Open adds are in it if an element needs them.

Reads that never returned say nothing, and are left out.

Linear in the size of what reads returned, but for sorting. Answers None for anything
but a set, and where something else is done than to add and to read, or an add has said
whether it changed the set.

Violations, with their operations, and the `elements` that show them:

* `phantom-element`: a read of what nobody added;
* `lost-element`: a read that lacks what was there at first;
* `fork`: two reads, each of which saw one of two elements and missed the other;
* `views-out-of-order`: an operation that precedes another one of a lower rank, and that one;
  behind them the read that gives it this rank, if it is an add;
* `added-too-late`: a read, and all adds of an element that it saw, each of which comes
  after something that its view has not seen. It has no `elements`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from checkers.models import ADDING, Set, shown, thaw
from checkers.search._order import Answer, openings
from checkers.search._problem import OPEN

from ._answers import no, yes


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.models import Frozen
    from checkers.search._order import Order
    from checkers.search._problem import Problem


METHOD = "growing-set"

NOBODY = -1


class Views(NamedTuple):
    """A set by its classes.

    Attributes:
        rank: By class: its rank; of adds, the lowest one.
        reads: By view, numbered from 1: the class of its reads.
        element: By class of adds: the element.
        first: By element that was added: the number of the first view that has it; 0
            if it was there at first, and one behind all if there is none.
    """

    rank: dict[int, int]
    reads: list[int]
    element: dict[int, Frozen]
    first: dict[Frozen, int]

    def brings(self, cls: int) -> bool:
        """Whether a class adds what some read saw, and was not there at first."""
        return cls in self.element and (
            0 < self.first[self.element[cls]] <= len(self.reads)
        )


def test(problem: Problem, order: Order) -> Answer | None:
    """Return whether a set that only grows has a witness; see the module."""
    views = _views(problem)
    if views is None or isinstance(views, Answer):
        return views
    ranks = _Ranks(problem, order, views)
    return ranks.violation() or yes(METHOD, ranks.witness())


def explains(problem: Problem, witness: Sequence[int]) -> bool:
    """Return whether each read of an order returns what was added before it.

    That is what a replay says, for a set that grows, without a copy for each add.
    """
    automaton, classes = problem.automaton, problem.classes
    present = set(automaton.model.initial)
    for i in witness:
        call = automaton.call(classes[i])
        if call.f != "read":
            present.add(call.input)
        elif len(present) != len(call.output) or not present.issuperset(call.output):
            return False
    return True


def _views(problem: Problem) -> Views | Answer | None:
    """Return a set in views; None if it is none, a no if they contradict each other."""
    automaton, table = problem.automaton, problem.table
    if table is None or not isinstance(automaton.model, Set):
        return None
    found: dict[int, Sequence[Frozen]] = {}
    element: dict[int, Frozen] = {}
    returned = {
        cls
        for cls, end in zip(problem.classes, problem.returns, strict=True)
        if end != OPEN
    }
    for cls in dict.fromkeys(problem.classes):
        call = automaton.call(cls)
        if call.f == "read" and (call.known or cls not in returned):
            if cls in returned:
                found[cls] = call.output
        elif call.f in ADDING and not call.known:
            element[cls] = call.input
        else:
            return None
    reads = sorted(found, key=lambda cls: len(found[cls]))
    first = dict.fromkeys(element.values(), len(reads) + 1)
    before: set[Frozen] = set(automaton.model.initial)
    first.update(dict.fromkeys(before.intersection(first), 0))
    rank = {}
    for number, cls in enumerate(reads, 1):
        view = set(found[cls])
        if not before <= view:
            last = reads[number - 2] if number > 1 else NOBODY
            return _missing(problem, before - view, view - before, last, cls)
        for news in view - before:
            if news not in first:
                i = _reader(problem, cls)
                return no(METHOD, "phantom-element", (i,), elements=[thaw(news)])
            first[news] = number
        rank[cls] = 2 * number
        before = view
    for cls, item in element.items():
        rank[cls] = max(0, 2 * first[item] - 1)
    return Views(rank, reads, element, first)


def _missing(
    problem: Problem,
    lost: set[Frozen],
    gained: set[Frozen],
    last: int,
    cls: int,
) -> Answer:
    """Return the no of a view that lacks what the smaller one before it has."""
    i = _reader(problem, cls)
    at_first = lost.intersection(problem.automaton.model.initial)
    if at_first or last == NOBODY:
        text = min(at_first, key=shown)
        return no(METHOD, "lost-element", (i,), elements=[thaw(text)])
    both = [thaw(min(elements, key=shown)) for elements in (lost, gained)]
    return no(METHOD, "fork", (_reader(problem, last), i), elements=both)


def _reader(problem: Problem, cls: int) -> int:
    """Return the first read of a class that returned."""
    return next(
        i
        for i, one in enumerate(problem.classes)
        if one == cls and problem.returns[i] != OPEN
    )


class _Ranks:
    """The lowest rank that each operation can have."""

    def __init__(self, problem: Problem, order: Order, views: Views) -> None:
        self._problem, self._views = problem, views
        classes, returns = problem.classes, problem.returns
        self._rank = [views.rank.get(cls, 0) for cls in classes]
        # By operation: one that has its rank by itself, and comes no later.
        self._cause = list(range(len(problem)))
        self._times = Counter(classes)
        self._out_of_order: tuple[tuple[bool, int], tuple[int, int]] | None = None
        ended = sorted(
            (i for i, end in enumerate(returns) if end != OPEN), key=returns.__getitem__
        )
        highest, passed = NOBODY, 0
        highest_of: dict[int, int] = {}
        for i, opening in enumerate(openings(problem, order)):
            while passed < len(ended) and returns[ended[passed]] < opening:
                highest = self._higher(highest, ended[passed])
                passed += 1
            own = highest_of.get(problem.processes[i], NOBODY)
            before = self._higher(highest, own)
            if before != NOBODY and self._rank[before] > self._rank[i]:
                self._raise(i, before)
            if returns[i] != OPEN:
                highest_of[problem.processes[i]] = self._higher(own, i)

    def violation(self) -> Answer | None:
        """Return what is wrong, if anything is."""
        if self._out_of_order is not None:
            return self._tell(*self._out_of_order[1])
        problem, views = self._problem, self._views
        brought = {
            cls
            for cls, rank in zip(problem.classes, self._rank, strict=True)
            if rank == views.rank.get(cls)
        }
        for cls, element in views.element.items():
            if views.brings(cls) and cls not in brought:
                read = _reader(problem, views.reads[views.first[element] - 1])
                adds = [i for i, one in enumerate(problem.classes) if one == cls]
                return no(METHOD, "added-too-late", (read, *adds))
        return None

    def witness(self) -> list[int]:
        """Return the operations in order."""
        problem, views = self._problem, self._views
        line = []
        there: set[int] = set()
        for i in sorted(range(len(problem)), key=lambda i: (self._rank[i], i)):
            cls = problem.classes[i]
            is_open = problem.returns[i] == OPEN
            if is_open and (cls in there or not views.brings(cls)):
                continue
            there.add(cls)
            line.append(i)
        return line

    def _higher(self, one: int, other: int) -> int:
        if NOBODY in {one, other}:
            return max(one, other)
        return other if self._rank[other] > self._rank[one] else one

    def _raise(self, i: int, before: int) -> None:
        """Let an operation have the rank of one before it, if it may."""
        cls = self._problem.classes[i]
        if cls not in self._views.element and self._problem.returns[i] == OPEN:
            return
        is_bound = self._views.brings(cls) and self._times[cls] == 1
        if cls in self._views.element and not is_bound:
            self._rank[i], self._cause[i] = self._rank[before], self._cause[before]
        else:
            # A read that comes too late is told with less than an add.
            worth = cls not in self._views.element, -i
            known = self._out_of_order
            if known is None or worth > known[0]:
                self._out_of_order = worth, (self._cause[before], i)

    def _tell(self, one: int, other: int) -> Answer:
        """Return the no of an operation that precedes another one of a lower rank."""
        problem, views = self._problem, self._views
        first, second = problem.classes[one], problem.classes[other]
        number = views.rank[second] // 2 + views.rank[second] % 2
        reader = views.reads[number - 1]
        operations = [one, other]
        elements = []
        if first in views.element:
            elements.append(views.element[first])
        elif second not in views.element:
            call = problem.automaton.call
            beyond = set(call(first).output).difference(call(second).output)
            elements.append(min(beyond, key=shown))
        if second in views.element:
            elements.append(views.element[second])
            if first in views.element:
                operations.append(_reader(problem, reader))
        return no(
            METHOD, "views-out-of-order", operations, elements=list(map(thaw, elements))
        )
