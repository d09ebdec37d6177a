"""The tests against brute force, and against each other."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.search.polynomial import SEARCHES, TESTS

from .drawn import confirm
from .kinds import KINDS


if TYPE_CHECKING:
    from checkers.search import Answer, Order, Problem


def ask(method: str, problem: Problem, order: Order) -> Answer | None:
    """Return what one test says."""
    if method in TESTS:
        return TESTS[method](problem, order)
    return SEARCHES[method](problem, order, None)


@pytest.mark.parametrize("name", KINDS)
@given(seed=st.integers(min_value=0, max_value=2**64))
@settings(max_examples=400, deadline=None)
def test_an_answer_is_that_of_brute_force(name: str, seed: int) -> None:
    """Every answer is right, and every yes comes with a witness that verifies."""
    kind = KINDS[name]
    problem, order = kind.problem(Random(seed))
    answer = ask(kind.method, problem, order)
    if answer:
        confirm(problem, order, answer)


@pytest.mark.parametrize("name", KINDS)
def test_most_histories_have_an_answer_and_both_come_up(name: str) -> None:
    """What is drawn is worth being drawn."""
    kind = KINDS[name]
    outcomes = []
    for seed in range(300):
        problem, order = kind.problem(Random(seed))
        answer = ask(kind.method, problem, order)
        outcomes.append(answer.outcome if answer else None)
    assert outcomes.count(None) < 60
    assert outcomes.count("yes") > 90
    assert outcomes.count("no") > 30
