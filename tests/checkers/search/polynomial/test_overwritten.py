"""A value that is seen though it was overwritten is found without a search."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.ladder import _decide
from checkers.models import CasRegister, Model
from checkers.search import REAL_TIME, Answer, Budget, search
from checkers.search.polynomial import overwritten

from .kinds import Kind
from .things import Thing, UniqueRegister
from .told import Deed, told


if TYPE_CHECKING:
    import pytest


def _few_values(rng: Random) -> tuple[Thing, Model[Any]]:
    swaps, again = rng.choice((0, 0, 0.3, 0.6)), rng.choice((0, 0.3, 0.6, 0.9))
    return UniqueRegister(swaps=swaps, again=again), CasRegister(0)


KIND = Kind(
    "overwritten",
    _few_values,
    lambda _: REAL_TIME,
    lambda rng: {"failed_cas": rng.random() < 0.5},
)

BEFORE: tuple[Deed, ...] = (
    (0, "write", 1, 1, 0, 1),
    (0, "write", 2, 2, 2, 3),
)
READ: Deed = (1, "read", None, 1, 8, 10)


def found(*deeds: Deed) -> Answer | None:
    """What the test says of deeds."""
    return overwritten(told(CasRegister(0), *deeds, failed_cas=True), REAL_TIME)


@given(seed=st.integers(min_value=0, max_value=2**64))
@settings(max_examples=500, deadline=None)
def test_a_search_says_no_as_well_and_operations_prove_it(seed: int) -> None:
    """Who saw the value came after another one, and that after the last to set it."""
    problem, order = KIND.problem(Random(seed))
    answer = overwritten(problem, order)
    if answer is None:
        return
    assert search(problem, order).outcome == "no"
    seer, other, setter = answer.explanation["operations"]
    assert problem.returns[other] < problem.calls[seer]
    assert setter == -1 or problem.returns[setter] < problem.calls[other]


def test_a_stale_read_names_who_overwrote_and_who_set_the_value() -> None:
    """Whatever else was written many times."""
    answer = found(*BEFORE, READ)
    assert answer
    assert answer.outcome == "no"
    assert answer.explanation == {
        "violation": "overwritten",
        "operations": [2, 1, 0],
        "value": "1",
    }


def test_the_initial_value_is_overwritten_too() -> None:
    """Nobody has set it: -1."""
    answer = found(BEFORE[0], (1, "read", None, 0, 2, 3))
    assert answer
    assert answer.explanation["operations"] == [1, 0, -1]


def test_a_value_that_may_come_again_is_left_to_a_search() -> None:
    """By whoever can set it before the read returns, even if that never returns."""
    for again in (
        (2, "write", 1, 1, 7, 9),
        (2, "write", 1, None, 4, None),
        (2, "cas", [2, 1], None, 9, None),
    ):
        assert found(*BEFORE, READ, again) is None
    assert found(*BEFORE, READ, (2, "write", 1, 1, 11, 12)) is not None


def test_a_read_of_another_value_shows_that_it_was_overwritten() -> None:
    """But a failed cas of another one does not."""
    write: Deed = (0, "write", 2, 2, 2, None)
    assert found(BEFORE[0], write, READ) is None
    assert found(BEFORE[0], write, (2, "read", None, 2, 4, 5), READ) is not None
    assert found(BEFORE[0], write, (2, "cas", [3, 4], "fail", 4, 5), READ) is None


def test_a_search_that_takes_long_asks_for_stale_reads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It has one configuration here before that; what is not stale, it then decides."""
    monkeypatch.setattr(_decide, "EASY_NODES", 1)
    again: Deed = (2, "write", 1, 1, 4, 5)
    deeds = [*BEFORE, again, (0, "write", 2, 2, 6, 7)]
    stale = told(CasRegister(0), *deeds, READ)
    assert _decide.decide(stale, REAL_TIME, Budget()).method == "overwritten"
    fresh = told(CasRegister(0), *deeds, (1, "read", None, 2, 8, 10))
    assert _decide.decide(fresh, REAL_TIME, Budget()).outcome == "yes"
