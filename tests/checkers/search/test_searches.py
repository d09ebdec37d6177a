"""Every search, every way, against plain enumeration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.models import MODELS, KeyValue
from checkers.search import OPEN, PROGRAM, REAL_TIME, problems, relaxed, verify
from checkers.search._attempt import Purse, Way
from checkers.search._frontier import frontier_search
from checkers.search._order import Budget
from checkers.search._register_search import register_search
from checkers.search._table_search import table_search
from checkers.search._verify import final_state, keeps_order

from .drawn_problems import (
    REGISTERS,
    draw_history,
    draw_register_problem,
    draw_table_problem,
)
from .oracle import linearization, sequentialization
from .written_problems import register_problem


if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from checkers.search import Answer, Order, Problem
    from checkers.search._table_search import Steps


RANDOMS = st.randoms(use_true_random=False)


def outcome(steps: Steps) -> Answer:
    """Return the answer of a search without a limit."""
    answer = Way(steps).go_on(1 << 60, Purse(Budget()))
    assert answer is not None
    return answer


def truth(problem: Problem, order: Order) -> bool:
    """Return whether there is a witness."""
    if order == PROGRAM:
        return sequentialization(problem) is not None
    delay_ns = order.delay_ns if order.kind == "relaxed" else None
    return linearization(problem, delay_ns=delay_ns) is not None


def searches(problem: Problem, order: Order) -> Iterator[Steps]:
    """Give all searches that fit, both ways."""
    for breadth_first in (False, True):
        yield frontier_search(problem, order, breadth_first=breadth_first)
        if order == REAL_TIME:
            yield table_search(problem, breadth_first=breadth_first)
            if problem.register is not None:
                yield register_search(problem, breadth_first=breadth_first)


def confirm(problem: Problem, order: Order) -> bool:
    """Return the answer of all searches, which must be the right one, and proven."""
    expected = truth(problem, order)
    for steps in searches(problem, order):
        answer = outcome(steps)
        assert answer.outcome == ("yes" if expected else "no")
        found = answer.order if expected else answer.prefix
        assert final_state(problem, found) == answer.state
        if expected:
            assert verify(problem, order, found)
        else:
            assert len(set(found)) == len(found)
            assert keeps_order(problem, order, found)
            assert not verify(problem, order, found)
    return expected


def draw_order(rng: Random) -> Order:
    """Return an order of any kind."""
    return rng.choice([REAL_TIME, PROGRAM, relaxed(rng.choice([0, 1, 2, 4, 9]))])


@settings(max_examples=800, deadline=None)
@given(RANDOMS)
def test_random_automata(rng: Random) -> None:
    """Any automaton is judged as enumeration judges it, in any order."""
    confirm(draw_table_problem(rng), draw_order(rng))


@settings(max_examples=800, deadline=None)
@given(RANDOMS)
def test_registers(rng: Random) -> None:
    """A register is judged as enumeration judges it, in any order."""
    confirm(draw_register_problem(rng), rng.choice([REAL_TIME, draw_order(rng)]))


@settings(max_examples=800, deadline=None)
@given(RANDOMS)
def test_a_thrifty_search_finds_no_witness_that_is_none(rng: Random) -> None:
    """Its yes is proven; its no is none, but it is right where nothing is open."""
    problem = draw_register_problem(rng)
    answer = outcome(register_search(problem, breadth_first=True, thrifty=True))
    if answer.outcome == "yes":
        assert verify(problem, REAL_TIME, answer.order)
    elif OPEN not in problem.returns:
        assert linearization(problem) is None


@settings(max_examples=200, deadline=None)
@given(RANDOMS)
def test_longer_registers(rng: Random) -> None:
    """The lazy search of a register agrees with the plain one, where more happens."""
    problem = draw_register_problem(rng, operations=24, clients=8)
    plain = outcome(table_search(problem))
    for breadth_first in (False, True):
        lazy = outcome(register_search(problem, breadth_first=breadth_first))
        assert lazy.outcome == plain.outcome
        if lazy.outcome == "yes":
            assert verify(problem, REAL_TIME, lazy.order)


@settings(max_examples=300, deadline=None)
@given(RANDOMS)
def test_registers_jointly(rng: Random) -> None:
    """Several registers in one problem are judged as enumeration judges them."""
    model = KeyValue()
    history = draw_history(rng, model, alphabet=REGISTERS)
    [problem] = problems(history, model, partition=False, failed_cas=True)
    confirm(problem, rng.choice([PROGRAM, draw_order(rng)]))


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=60, deadline=None)
@given(RANDOMS)
def test_models(name: str, rng: Random) -> None:
    """Every model is judged as enumeration judges it, in any order."""
    model = KeyValue("") if name == "kv" else MODELS[name]()
    order = draw_order(rng)
    history = draw_history(rng, model)
    for problem in problems(history, model, partition=order == REAL_TIME):
        confirm(problem, order)


def test_an_idle_write_may_save_a_failed_cas() -> None:
    """A write of what nobody reads is not spent before a failed cas needs it."""
    problem = register_problem(
        (0, 2, ("write", 2)),
        (1, 4, ("write", 0)),
        (3, 6, ("failed-cas", 1)),
        (5, 9, ("write", 0)),
        (7, 8, ("failed-cas", 2)),
        processes=[0, 1, 0, 1, 0],
    )
    assert confirm(problem, PROGRAM)


@settings(max_examples=100, deadline=None)
@given(RANDOMS, st.integers(0, 8))
def test_narrow_searches_find_nothing_that_is_not_there(
    rng: Random, slack: int
) -> None:
    """With slack, a yes is proven, and without any it is that of real time."""
    problem = draw_table_problem(rng)
    order = rng.choice([PROGRAM, relaxed(2)])
    answer = outcome(frontier_search(problem, order, slack=slack))
    if answer.outcome == "yes":
        assert verify(problem, order, answer.order)
    elif slack >= len(problem):
        assert not truth(problem, order)
    if slack == 0:
        assert (answer.outcome == "yes") is truth(problem, REAL_TIME)
