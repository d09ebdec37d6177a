"""Views that are searched for exist if and only if some order is one."""

from __future__ import annotations

from itertools import permutations
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import check_models
from checkers.ladder.sessions._view_search import (
    can_be_searched,
    causes_of,
    search_views,
)
from checkers.models import Call, Set
from checkers.search import OPEN, problems
from histories import Event, History

from ..search.oracle import sequentialization  # noqa: TID252 # tests are no package that could be named
from ..search.polynomial.drawn import draw  # noqa: TID252 # as above
from ..search.polynomial.kinds import KINDS  # noqa: TID252 # as above
from ..search.polynomial.things import Members  # noqa: TID252 # as above


if TYPE_CHECKING:
    from checkers.search import Problem


DRAWN = [
    "fifo-queue",
    "stack",
    "bag",
    "priority-queue",
    "counter-search",
    "clusters",
    "set",
]


def _problem(name: str, rng: Random) -> Problem:
    if name == "set":
        thing = Members(elements=2)
        history = draw(rng, thing, operations=6, clients=3, wrong=2)
        [found] = problems(history, Set(), partition=False)
        return found
    while True:
        problem, _ = KINDS[name].problem(rng)
        if len(problem) <= 7:
            return problem


def _truth(problem: Problem, causes: dict[int, list[int]]) -> bool:
    """Whether each process has a view, by trying all orders of all operations."""
    count = len(problem)
    before = {
        (a, b)
        for a in range(count)
        for b in range(count)
        if problem.processes[a] == problem.processes[b]
        and problem.returns[a] < problem.calls[b]
    }
    before |= {(cause, i) for i, some in causes.items() for cause in some}
    while True:
        more = {(a, d) for a, b in before for c, d in before if b == c} - before
        if not more:
            break
        before |= more
    return all(
        _has_view(problem, process, before) for process in set(problem.processes)
    )


def _has_view(problem: Problem, process: int, before: set[tuple[int, int]]) -> bool:
    model = problem.automaton.model
    calls: dict[int, Call] = {}
    needed = []
    for i, cls in enumerate(problem.classes):
        call = problem.automaton.call(cls)
        if problem.processes[i] != process:
            if model.is_pure(call):
                continue
            call = (
                Call("write", call.input[1])
                if call.f == "cas"
                else Call(call.f, call.input, None, known=False)
            )
        calls[i] = call
        if problem.returns[i] != OPEN:
            needed.append(i)
    open_ones = [i for i in calls if i not in needed]
    for bits in range(1 << len(open_ones)):
        chosen = [*needed, *(i for k, i in enumerate(open_ones) if bits >> k & 1)]
        for order in permutations(sorted(chosen)):
            place = {i: at for at, i in enumerate(order)}
            if any(
                a in place and b in place and place[a] >= place[b] for a, b in before
            ):
                continue
            state: Any = model.initial
            for i in order:
                state = model.step(state, calls[i])
                if state is None:
                    break
            else:
                return True
    return False


@pytest.mark.parametrize("name", DRAWN)
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 1 << 60))
def test_a_view_is_found_where_there_is_one(name: str, seed: int) -> None:
    """For PRAM, and with causes for causal consistency; sequential implies both."""
    problem = _problem(name, Random(seed))
    if not can_be_searched(problem):
        return
    sequential = sequentialization(problem) is not None
    for causes in ({}, causes_of(problem)):
        if causes is None:
            continue
        views = search_views(problem, causes, is_over=lambda: False)
        assert views.holds is _truth(problem, causes)
        assert views.holds or not sequential
        assert (views.failure is None) is views.holds


def _check(
    *deeds: tuple[int, str, Any, Any], model: str = "fifo-queue"
) -> dict[str, str]:
    events: list[Event] = []
    for process, f, given_value, got in deeds:
        for type_, value in (("invoke", given_value), ("ok", got)):
            at = len(events)
            events.append(
                Event(index=at, time=at, type=type_, process=process, f=f, value=value)  # type: ignore[arg-type] # one of the four
            )
    result = check_models(History.from_events(events), model)
    models = result.statistics["models"]
    return {name: level["verdict"] for name, level in models.items()}


def test_a_queue_that_gives_twice_may_be_causal() -> None:
    """Two processes take the same element: neither knows of what the other one took."""
    found = _check(
        (0, "enqueue", 1, 1), (1, "dequeue", None, 1), (2, "dequeue", None, 1)
    )
    assert found["sequential"] == "no"
    assert found["causal"] == "yes"
    assert set(found.values()) == {"yes", "no"}


def test_a_process_that_takes_twice_misses_its_own() -> None:
    """It had taken the element itself."""
    found = _check(
        (0, "enqueue", 1, 1), (1, "dequeue", None, 1), (1, "dequeue", None, 1)
    )
    assert found["read-your-writes"] == "no"
    assert found["causal"] == "no"


def test_a_queue_out_of_order_breaks_monotonic_writes() -> None:
    """What one process put in comes out in another order."""
    deeds = (
        (0, "enqueue", 1, 1),
        (0, "enqueue", 2, 2),
        (1, "dequeue", None, 2),
        (1, "dequeue", None, 1),
    )
    found = _check(*deeds)
    assert found["monotonic-writes"] == "no"
    assert found["pram"] == "no"
    assert _check(*deeds, model="unordered-queue")["linearizable"] == "yes"


def test_an_element_from_nowhere_breaks_all() -> None:
    """Whatever a model allows, it does not allow this."""
    found = _check((0, "enqueue", 1, 1), (1, "dequeue", None, 2))
    assert set(found.values()) == {"no"}


def test_an_effect_without_its_cause_is_not_causal() -> None:
    """A process took one element and put in another one; a third one sees it as first."""
    found = _check(
        (0, "enqueue", 1, 1),
        (1, "dequeue", None, 1),
        (1, "enqueue", 2, 2),
        (2, "dequeue", None, 2),
        (2, "dequeue", None, 1),
    )
    assert found["pram"] == "yes"
    assert found["causal"] == "no"
    assert found["monotonic-reads"] == "yes"
