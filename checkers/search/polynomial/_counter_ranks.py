"""Counters whose sums tell what was added: exact, for every order, in `n log n`.

Deltas do if each is greater than all smaller ones together, by magnitude, counted as
often as they were added; and if the adds of one delta are of one process, of which none
but the last is open. Then a read is a *count* for each delta, which says which adds it
has seen: the first ones, as the order of a process is kept.

In a legal order the reads see more and more: their counts are a chain, with what is
new in each step between the two. So every operation has a *rank*: reads the number of
their counts in the chain, doubled; an add one less than the first reads that have seen
it, or one more than the last reads if none have. Operations of one rank change places
freely. Hence there is an order if and only if the counts are a chain, and nothing
precedes what has a lower rank; the witness is the operations by rank, then by call.

Answers None for anything but a counter, and for deltas that tell less. Adds of 0 do not
count.

Violations, with their operations:

* `impossible-value`: a read of what no choice of adds sums up to;
* `incomparable-reads`: two reads, each of which has seen an add that the other has not;
* `rank-goes-back`: two operations, the first of which precedes the second and yet has
  the higher rank.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from checkers.models import GCounter, PnCounter
from checkers.search._order import openings
from checkers.search._problem import OPEN

from ._answers import no, yes
from ._insertion import insert_anywhere


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.search._order import Answer, Order
    from checkers.search._problem import Problem


METHOD = "counter-ranks"

_Counts = tuple[int, ...]


def test(problem: Problem, order: Order) -> Answer | None:
    """Return whether a counter with telling deltas keeps an order; see the module."""
    counter = _decoded(problem)
    if counter is None:
        return None
    if counter.impossible is not None:
        i, value = counter.impossible
        return no(METHOD, "impossible-value", (i,), value=value)
    chain = sorted(set(counter.seen.values()), key=sum)
    for lower, higher in pairwise(chain):
        if any(few > many for few, many in zip(lower, higher, strict=True)):
            readers = {counts: i for i, counts in counter.seen.items()}
            return no(METHOD, "incomparable-reads", (readers[lower], readers[higher]))
    ranks = _ranks(problem, counter, chain)
    wrong = _goes_back(problem, order, ranks)
    if wrong:
        return no(METHOD, "rank-goes-back", wrong)
    line = sorted(ranks, key=lambda i: (ranks[i], i))
    idle = [i for i in counter.idle if i not in ranks]
    return yes(METHOD, insert_anywhere(problem, order, line, idle))


class _Counter(NamedTuple):
    """What the operations of a counter are.

    Attributes:
        adds: By delta, the greatest magnitude first, the adds by call.
        seen: By read, how many adds of each delta it has seen.
        idle: Adds of 0.
        impossible: A read that has seen what cannot be, and its value.
    """

    adds: list[list[int]]
    seen: dict[int, _Counts]
    idle: list[int]
    impossible: tuple[int, int] | None


class _Digit(NamedTuple):
    """A delta, how often it is added, and what all smaller ones can sum up to."""

    delta: int
    times: int
    low: int
    high: int


def _decoded(problem: Problem) -> _Counter | None:
    """Return what reads have seen; None if sums do not tell, or it is no counter."""
    automaton = problem.automaton
    model = automaton.model
    if problem.table is None or not isinstance(model, GCounter | PnCounter):
        return None
    calls = {cls: automaton.call(cls) for cls in set(problem.classes)}
    adds: dict[int, list[int]] = {}
    reads: list[tuple[int, int]] = []
    idle: list[int] = []
    for i, cls in enumerate(problem.classes):
        call = calls[cls]
        if call.f == "read":
            reads.append((i, call.output))
        elif call.input:
            adds.setdefault(call.input, []).append(i)
        else:
            idle.append(i)
    digits = _digits(problem, adds)
    if digits is None:
        return None
    known: dict[int, _Counts | None] = {}
    seen: dict[int, _Counts] = {}
    impossible = None
    for i, value in reads:
        if value not in known:
            known[value] = _counts(digits, value - model.initial)
        counts = known[value]
        if counts is None:
            impossible = impossible or (i, value)
        else:
            seen[i] = counts
    return _Counter([adds[digit.delta] for digit in digits], seen, idle, impossible)


def _digits(problem: Problem, adds: dict[int, list[int]]) -> list[_Digit] | None:
    """Return the deltas, the greatest magnitude first; None if they do not tell."""
    found: list[_Digit] = []
    low = high = 0
    for delta in sorted(adds, key=abs):
        group = adds[delta]
        one_process = len({problem.processes[i] for i in group}) == 1
        if (
            abs(delta) <= high - low
            or not one_process
            or any(problem.returns[i] == OPEN for i in group[:-1])
        ):
            return None
        found.append(_Digit(delta, len(group), low, high))
        low += min(0, delta * len(group))
        high += max(0, delta * len(group))
    found.reverse()
    return found


def _counts(digits: Sequence[_Digit], value: int) -> _Counts | None:
    """Return how often each delta is in a sum; None if no choice of adds comes to it."""
    counts: list[int] = []
    for delta, most, low, high in digits:
        # The one count that leaves something between `low` and `high`.
        rest = high - value if delta > 0 else value - low
        count = max(0, -(rest // abs(delta)))
        if count > most:
            return None
        counts.append(count)
        value -= count * delta
    return tuple(counts) if value == 0 else None


def _ranks(
    problem: Problem, counter: _Counter, chain: Sequence[_Counts]
) -> dict[int, int]:
    """Return the ranks of all reads, and of all adds that have to be in the order."""
    number_of = {counts: number for number, counts in enumerate(chain)}
    ranks = {i: 2 * number_of[counts] for i, counts in counter.seen.items()}
    for digit, group in enumerate(counter.adds):
        placed = 0
        for number, counts in enumerate(chain):
            for i in group[placed : counts[digit]]:
                ranks[i] = 2 * number - 1
            placed = max(placed, counts[digit])
        for i in group[placed:]:
            if problem.returns[i] != OPEN:
                ranks[i] = 2 * len(chain) - 1
    return ranks


def _goes_back(
    problem: Problem, order: Order, ranks: dict[int, int]
) -> tuple[int, int] | None:
    """Return two operations of which the first precedes the second at a lower rank."""
    opening = openings(problem, order)
    returned = sorted(
        (end, i) for i, end in enumerate(problem.returns) if end != OPEN and i in ranks
    )
    in_process = order.kind != "real-time"
    last_of: dict[int, int] = {}
    highest: int | None = None
    passed = 0
    for i in sorted(ranks):
        # Openings ascend with calls.
        while passed < len(returned) and returned[passed][0] < opening[i]:
            other = returned[passed][1]
            if highest is None or ranks[other] > ranks[highest]:
                highest = other
            passed += 1
        earlier = [highest] if highest is not None else []
        process = problem.processes[i]
        if in_process and process in last_of:
            earlier.append(last_of[process])
        for other in earlier:
            if ranks[other] > ranks[i]:
                return other, i
        if problem.returns[i] != OPEN:
            last_of[process] = i
    return None
