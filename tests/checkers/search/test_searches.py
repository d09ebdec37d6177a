"""Every search, every way, against plain enumeration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.models import MODELS, KeyValue
from checkers.search import PROGRAM, REAL_TIME, problems, relaxed, verify
from checkers.search._attempt import Purse, Way
from checkers.search._frontier import frontier_search
from checkers.search._order import Budget
from checkers.search._register_search import register_search
from checkers.search._table_search import table_search
from checkers.search._verify import final_state, keeps_order

from .drawn_problems import (
    draw_history,
    draw_register_problem,
    draw_table_problem,
)
from .oracle import linearization, sequentialization


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


@settings(max_examples=1500, deadline=None)
@given(RANDOMS)
def test_random_automata(rng: Random) -> None:
    """Any automaton is judged as enumeration judges it, in any order."""
    confirm(draw_table_problem(rng), draw_order(rng))


@settings(max_examples=1500, deadline=None)
@given(RANDOMS)
def test_registers(rng: Random) -> None:
    """A register is judged as enumeration judges it, in any order."""
    confirm(draw_register_problem(rng), rng.choice([REAL_TIME, draw_order(rng)]))


@settings(max_examples=300, deadline=None)
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


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=120, deadline=None)
@given(RANDOMS)
def test_models(name: str, rng: Random) -> None:
    """Every model is judged as enumeration judges it, in any order."""
    model = KeyValue("") if name == "kv" else MODELS[name]()
    order = draw_order(rng)
    history = draw_history(rng, model)
    for problem in problems(history, model, partition=order == REAL_TIME):
        confirm(problem, order)
