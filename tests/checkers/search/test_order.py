"""Which operations come before which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.search import OPEN, PROGRAM, REAL_TIME, Order, relaxed
from checkers.search._order import openings

from .drawn_problems import draw_table_problem
from .written_problems import register_problem


if TYPE_CHECKING:
    from random import Random


READ, WRITE = ("read", 0), ("write", 1)


def test_openings_say_what_precedes() -> None:
    """An operation opens with the call, or so long after a return, or at once."""
    problem = register_problem(
        (0, 1, WRITE), (2, 3, READ), (4, 5, READ), times=[0, 10, 12, 20, 30, 40]
    )
    assert list(openings(problem, REAL_TIME)) == [0, 2, 4]
    assert list(openings(problem, PROGRAM)) == [0, 0, 0]
    assert list(openings(problem, relaxed(2))) == [0, 2, 4]
    assert list(openings(problem, relaxed(3))) == [0, 0, 4]
    assert list(openings(problem, relaxed(11))) == [0, 0, 2]
    assert list(openings(problem, relaxed(21))) == [0, 0, 0]


def test_a_clock_that_goes_back_is_not_believed() -> None:
    """Events keep their order whatever their times say."""
    problem = register_problem((0, 1, WRITE), (2, 3, READ), times=[0, 50, 10, 20])
    assert list(openings(problem, relaxed(0))) == list(openings(problem, REAL_TIME))
    assert list(openings(problem, relaxed(1))) == [0, 0]


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 9))
def test_openings_are_what_the_order_says(rng: Random, delay_ns: int) -> None:
    """A return is before an opening if it is early enough before the call."""
    problem = draw_table_problem(rng)
    found = openings(problem, relaxed(delay_ns))
    for b, opening in enumerate(found):
        for a, end in enumerate(problem.returns):
            precedes = (
                end < problem.calls[b]
                and problem.return_times[a] + delay_ns <= problem.call_times[b]
            )
            assert (end < opening) is precedes
    assert all(found[i] <= call < OPEN for i, call in enumerate(problem.calls))


def test_a_delay_is_not_negative() -> None:
    """Nobody can be ahead of time."""
    with pytest.raises(ValueError, match="expected 0 or more"):
        Order("relaxed", -1)
