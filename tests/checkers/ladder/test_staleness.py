"""How stale a history is."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.ladder._staleness import find_staleness
from checkers.models import MODELS
from checkers.search import OPEN, PROGRAM, REAL_TIME, Budget, problems, search

from ..search.oracle import linearization  # noqa: TID252 # tests are no package that could be named
from ..search.polynomial.drawn import draw  # noqa: TID252 # as above
from ..search.polynomial.things import Counter, UniqueRegister  # noqa: TID252 # as above
from .scripts import history_of, parse


if TYPE_CHECKING:
    from checkers.ladder._staleness import Staleness
    from checkers.search import Problem


def _staleness(problem: Problem) -> Staleness | None:
    """Return how stale a history is; None unless it is sequential, not linearizable."""
    answer = search(problem, PROGRAM)
    if answer.outcome != "yes" or search(problem, REAL_TIME).outcome == "yes":
        return None
    return find_staleness(problem, answer.order, Budget())


def _least_lag(problem: Problem) -> int:
    """Return the least lag by trying all that there can be."""
    lags = sorted(
        {
            call - end
            for call in problem.call_times
            for end, event in zip(problem.return_times, problem.returns, strict=True)
            if event != OPEN and call >= end
        }
    )
    # A lag of so much is one of less than that and a nanosecond.
    return next(
        lag for lag in lags if linearization(problem, delay_ns=lag + 1) is not None
    )


@given(st.integers(0, 1 << 60), st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_lag_is_the_least_that_explains_all(seed: int, counts: bool) -> None:  # noqa: FBT001 # drawn
    """It agrees with brute force over all differences of calls and returns."""
    rng = Random(seed)
    thing = Counter([1]) if counts else UniqueRegister()
    model = MODELS["g-counter"]() if counts else MODELS["register"](0)
    history = draw(rng, thing, operations=7, clients=3, wrong=2)
    [problem] = problems(history, model)
    found = _staleness(problem)
    if found is not None:
        assert found.is_exact
        assert found.inversion.lag_ns == _least_lag(problem)
        lag, first, second = found.inversion
        assert problem.returns[first] < problem.calls[second]
        assert problem.call_times[second] - problem.return_times[first] == lag


def _problem(script: str) -> Problem:
    [problem] = problems(history_of(parse(script), keyed=False), MODELS["register"]())
    return problem


def test_the_read_that_needs_it_is_named() -> None:
    """A read that is the older by ten operations is the stale one."""
    others = ", ".join("2 x:2" for _ in range(10))
    problem = _problem(f"0 x=1, 0 x=2, {others}, 1 x:1, 1 x:2")
    found = _staleness(problem)
    assert found is not None
    assert found.inversion == (10_500_000, 1, 12)


def test_without_a_budget_the_lag_lies_between_bounds() -> None:
    """What is known is not more than the order at hand says, and not less than 0."""
    problem = _problem("0 x=1, 0 x=2, 1 x:1, 2 x:1, 1 x:1")
    answer = search(problem, PROGRAM)
    found = find_staleness(problem, answer.order, Budget(nodes=0))
    assert found.least_ns <= 2_500_000 <= found.inversion.lag_ns


def test_clocks_that_go_back_do_no_harm() -> None:
    """Events count in their order, at the latest time so far."""
    history = history_of(parse("0 x=1, 1 x:-"), keyed=False)
    events = [
        event.__replace__(time=10 - event.time // 500_000)
        if hasattr(event, "__replace__")
        else event
        for event in history.events()
    ]
    [problem] = problems(type(history).from_events(events), MODELS["register"]())
    found = _staleness(problem)
    assert found is not None
    assert found.is_exact
    assert found.inversion.lag_ns >= 0
