"""What the tests are made of."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.search import PROGRAM, REAL_TIME, relaxed, verify
from checkers.search._order import openings
from checkers.search.polynomial._answers import no
from checkers.search.polynomial._cycles import short_cycle, short_path
from checkers.search.polynomial._insertion import insert
from checkers.search.polynomial._reads_from import ReadsFrom, reads_from
from checkers.search.polynomial._saturation import Saturation
from checkers.search.polynomial._segments import Heights, Maxima
from checkers.search.polynomial._threads import ThreadSearch

from .drawn import draw, problem_of, truth
from .kinds import KINDS
from .things import UniqueRegister


if TYPE_CHECKING:
    from checkers.search import Order, Problem


SEEDS = st.integers(min_value=0, max_value=2**64)


@given(seed=SEEDS)
@settings(max_examples=100, deadline=None)
def test_trees_answer_as_lists_do(seed: int) -> None:
    """Maxima of ranges, and the next position with nothing above it."""
    rng = Random(seed)
    size = rng.randrange(1, 20)
    values = [rng.randrange(10) for _ in range(size)]
    heights = [rng.randrange(3) for _ in range(size)]
    maxima, zeros = Maxima(values), Heights(heights)
    for _ in range(30):
        begin, end = sorted((rng.randrange(size + 1), rng.randrange(size + 1)))
        position = rng.randrange(size)
        values[position] = rng.randrange(10)
        maxima.set(position, values[position])
        assert maxima.of(begin, end) == max(values[begin:end], default=-1)
        change = rng.randrange(-min(heights[begin:end], default=0), 3)
        heights[begin:end] = [height + change for height in heights[begin:end]]
        zeros.add(begin, end, change)
        begin, end = sorted((rng.randrange(size + 1), rng.randrange(size + 1)))
        found = [i for i in range(begin, end) if not heights[i]]
        assert zeros.next_zero(begin, end) == (found[0] if found else end)


@given(seed=SEEDS)
@settings(max_examples=100, deadline=None)
def test_a_cycle_is_one_and_is_short(seed: int) -> None:
    """Every node leads to the next, and none comes twice."""
    rng = Random(seed)
    size = rng.randrange(2, 12)
    successors = {
        node: rng.sample(range(size), rng.randrange(1, 3)) for node in range(size)
    }
    left = set(successors)
    while True:
        reached = {after for node in left for after in successors[node]}
        if left <= reached:
            break
        left &= reached
    cycle = short_cycle(left, successors)
    assert len(set(cycle)) == len(cycle)
    for before, after in zip(cycle, cycle[1:] + cycle[:1], strict=True):
        assert after in successors[before]


def test_a_path_is_the_shortest_one() -> None:
    """Here the one past 4."""
    before = {3: [2, 4], 2: [1], 1: [0], 4: [0], 0: []}
    assert short_path(0, 3, before.__getitem__) == [0, 4, 3]
    assert short_path(3, 3, before.__getitem__) == [3]


@given(seed=SEEDS)
@settings(max_examples=300, deadline=None)
def test_what_changes_nothing_finds_a_place_if_there_is_one(seed: int) -> None:
    """Reads are put into the order of the writes, in any of the orders."""
    rng = Random(seed)
    order = rng.choice((REAL_TIME, PROGRAM, relaxed(4)))
    history = draw(rng, UniqueRegister(), operations=7, clients=3, lost=0)
    problem = problem_of(history, KINDS["zones"].thing(rng)[1])
    view = problem.register
    assert view
    reads = [i for i, cls in enumerate(problem.classes) if not view.kind[cls]]
    writes = [i for i, cls in enumerate(problem.classes) if view.kind[cls]]
    values = [0, *(view.a[problem.classes[i]] for i in writes)]

    def place(i: int, gap: int) -> int:
        while gap < len(values) and values[gap] != view.a[problem.classes[i]]:
            gap += 1
        return gap

    found = insert(problem, order, writes, reads, place)
    assert (found is not None) == _fits(problem, order, writes, reads)
    if found is not None:
        assert verify(problem, order, found)


def _fits(problem: Problem, order: Order, base: list[int], idle: list[int]) -> bool:
    """Return whether any order of all has the base in its order, by trying them."""
    opening = openings(problem, order)

    def precedes(first: int, second: int) -> bool:
        end = problem.returns[first]
        same = problem.processes[first] == problem.processes[second]
        return end < opening[second] or (same and end < problem.calls[second])

    tried = set()
    stack: list[tuple[int, frozenset[int], int]] = [(0, frozenset(idle), 0)]
    while stack:
        passed, left, state = stack.pop()
        if passed == len(base) and not left:
            return True
        if (passed, left) in tried:
            continue
        tried.add((passed, left))
        rest = left.union(base[passed:])
        for i in [*left, *base[passed : passed + 1]]:
            following = problem.automaton.step(state, problem.classes[i])
            if following >= 0 and not any(precedes(other, i) for other in rest):
                stack.append((passed + (i not in left), left - {i}, following))
    return False


@given(seed=SEEDS)
@settings(max_examples=300, deadline=None)
def test_the_search_for_threads_needs_no_rules(seed: int) -> None:
    """It is exact without what saturation finds, and with it."""
    problem, _ = KINDS["registers"].problem(Random(seed))
    graph = reads_from(problem, "registers")
    if not isinstance(graph, ReadsFrom) or graph.failed:
        return
    right = truth(problem, PROGRAM)
    behind = {i: [other] for i, other in graph.behind.items()}
    assert ThreadSearch(graph, behind).run(10**6) is right
    saturation = Saturation(graph)
    if saturation.run():
        assert ThreadSearch(graph, saturation.before()).run(10**6) is right
    else:
        assert not right


def test_a_no_has_its_facts_by_kebab_case_name() -> None:
    """As everything that is written to a file."""
    answer = no("zones", "cycle", (1, 2), at_least=3)
    assert answer.explanation == {
        "violation": "cycle",
        "operations": [1, 2],
        "at-least": 3,
    }
