"""What must not change an answer, or only in one direction; and who must agree."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.models import CasRegister
from checkers.search import OPEN, PROGRAM, REAL_TIME, Budget, relaxed, search
from checkers.search._verify import final_state
from checkers.search.polynomial import SEARCHES, TESTS, decide
from histories import Event, History

from .drawn import draw, problem_of
from .kinds import KINDS
from .things import UniqueRegister


if TYPE_CHECKING:
    from checkers.search import Answer, Order, Problem


SEEDS = st.integers(min_value=0, max_value=2**64)


def outcome(problem: Problem, order: Order) -> str | None:
    """Return what the first test that applies says."""
    answer = decide(problem, order)
    return answer.outcome if answer else None


def with_one_more(problem: Problem, cls: int) -> Problem:
    """Return a problem with an operation behind all others, of another process."""
    events = 2 * len(problem) - list(problem.returns).count(OPEN)
    now = max([*problem.call_times, *(t for t in problem.return_times if t < 2**62), 0])
    longer = msgspec.structs.replace(
        problem,
        **{
            name: getattr(problem, name)[:]
            for name in ("operations", "calls", "returns", "call_times")
        },
        **{
            name: getattr(problem, name)[:]
            for name in ("return_times", "processes", "classes")
        },
    )
    longer.operations.append(10**6)
    longer.calls.append(events)
    longer.returns.append(events + 1)
    longer.call_times.append(now + 1000)
    longer.return_times.append(now + 1001)
    longer.processes.append(max(problem.processes, default=-1) + 1)
    longer.classes.append(cls)
    return longer


@pytest.mark.parametrize("name", KINDS)
@given(seed=SEEDS)
@settings(max_examples=150, deadline=None)
def test_an_observation_behind_the_end_changes_nothing(name: str, seed: int) -> None:
    """If it is what the witness leaves, a yes stays a yes; a no stays a no anyway."""
    rng = Random(seed)
    problem, order = KINDS[name].problem(rng)
    automaton = problem.automaton
    answer = decide(problem, order)
    if answer is None or not len(problem):
        return
    state = final_state(problem, answer.order)
    assert state is not None
    pure = [cls for cls in set(problem.classes) if automaton.pure[cls]]
    if answer.outcome == "yes":
        pure = [cls for cls in pure if automaton.step(state, cls) == state]
    for cls in pure:
        assert outcome(with_one_more(problem, cls), order) in {answer.outcome, None}


@pytest.mark.parametrize("name", KINDS)
@given(seed=SEEDS)
@settings(max_examples=150, deadline=None)
def test_a_later_return_takes_nothing_away(name: str, seed: int) -> None:
    """Operations that overlap may come in either order, so a yes stays a yes."""
    rng = Random(seed)
    problem, order = KINDS[name].problem(rng)
    if order.kind == "relaxed" or outcome(problem, order) != "yes":
        return
    calls = {event: i for i, event in enumerate(problem.calls)}
    for i, event in enumerate(problem.returns):
        other = calls.get(event + 1)
        if other is None or problem.processes[i] == problem.processes[other]:
            continue
        later = msgspec.structs.replace(
            problem, calls=problem.calls[:], returns=problem.returns[:]
        )
        later.calls[other], later.returns[i] = event, event + 1
        assert outcome(later, order) in {"yes", None}


@pytest.mark.parametrize("name", KINDS)
@given(seed=SEEDS)
@settings(max_examples=100, deadline=None)
def test_names_of_processes_and_the_hour_do_not_matter(name: str, seed: int) -> None:
    """Only whether processes and times differ, and by how much."""
    rng = Random(seed)
    problem, order = KINDS[name].problem(rng)
    names = list(range(max(problem.processes, default=0) + 1))
    rng.shuffle(names)
    same = msgspec.structs.replace(
        problem,
        processes=type(problem.processes)("I", [names[p] for p in problem.processes]),
        call_times=type(problem.call_times)("q", [t + 5 for t in problem.call_times]),
        return_times=type(problem.return_times)(
            "q", [t + 5 if t < 2**62 else t for t in problem.return_times]
        ),
    )
    assert outcome(same, order) == outcome(problem, order)


@given(seed=SEEDS)
@settings(max_examples=200, deadline=None)
def test_names_of_values_do_not_matter(seed: int) -> None:
    """Values of a register are only compared."""
    rng = Random(seed)
    history = draw(rng, UniqueRegister(swaps=0.3), operations=8, clients=3)

    def renamed(value: object) -> object:
        if isinstance(value, list):
            return [renamed(item) for item in value]
        return None if value is None else {"value": value}

    same = History.from_events(
        Event(
            index=event.index,
            time=event.time,
            type=event.type,
            process=event.process,
            f=event.f,
            value=renamed(event.value),
        )
        for event in history.events()
    )
    for order in (REAL_TIME, PROGRAM):
        assert outcome(problem_of(same, CasRegister({"value": 0})), order) == outcome(
            problem_of(history, CasRegister(0)), order
        )


@given(seed=SEEDS)
@settings(max_examples=300, deadline=None)
def test_ways_to_one_answer_agree(seed: int) -> None:
    """Zones and clusters, clusters and saturation, levels and search."""
    rng = Random(seed)
    problem, _ = KINDS["zones"].problem(rng)
    agree(TESTS["zones"](problem, REAL_TIME), TESTS["clusters"](problem, relaxed(0)))
    agree(
        TESTS["clusters"](problem, PROGRAM),
        SEARCHES["registers"](problem, PROGRAM, None),
    )
    problem, _ = KINDS["counter"].problem(rng)
    agree(
        TESTS["counter-levels"](problem, PROGRAM),
        SEARCHES["counter-search"](problem, PROGRAM, None),
    )


@pytest.mark.parametrize("name", ["zones", "counter", "owned-mutex", "append-list"])
@given(seed=SEEDS)
@settings(max_examples=150, deadline=None)
def test_less_order_takes_nothing_away(name: str, seed: int) -> None:
    """What is linearizable is so for clients behind, and sequentially consistent."""
    rng = Random(seed)
    problem, _ = KINDS[name].problem(rng)
    found = [
        outcome(problem, order)
        for order in (REAL_TIME, relaxed(3), relaxed(9), PROGRAM)
    ]
    decided = [one for one in found if one]
    assert decided == sorted(decided)


def agree(first: Answer | None, second: Answer | None) -> None:
    """Answers are the same, where there are two."""
    if first and second:
        assert first.outcome == second.outcome


@pytest.mark.parametrize("name", KINDS)
def test_longer_histories_are_answered_as_the_search_answers_them(name: str) -> None:
    """Ten times as long as what brute force can do."""
    kind = KINDS[name]
    for seed in range(15):
        rng = Random(seed)
        thing, model = kind.thing(rng)
        order = kind.orders(rng)
        history = draw(
            rng,
            thing,
            operations=60,
            clients=4,
            lost=rng.choice((0, 0.03)),
            wrong=rng.choice((0, 0, 1)),
            real_time=order != PROGRAM,
        )
        problem = problem_of(history, model, **kind.options(rng))
        answer = decide(problem, order)
        found = search(problem, order, Budget(nodes=1000))
        if answer and found.outcome != "unknown":
            assert answer.outcome == found.outcome
