"""One door to all that decides: the same answers by either kernel, and of any part."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import kernel
from checkers.ladder import _decide
from checkers.ladder._subproblem import restrict
from checkers.search import REAL_TIME, Budget, Problem, verify

from ..search.drawn_problems import draw_register_problem  # noqa: TID252 # tests are no package that could be named
from ..search.oracle import linearization  # noqa: TID252 # as above
from ..search.polynomial.drawn import truth  # noqa: TID252 # as above
from ..search.polynomial.kinds import KINDS  # noqa: TID252 # as above


if TYPE_CHECKING:
    from checkers.search import Answer


SEEDS = st.integers(min_value=0, max_value=2**64)

native = pytest.mark.skipif(
    not kernel.available(), reason="the native kernel is not built"
)


def ask(name: str, problems: list[Problem], easy: int) -> list[Answer]:
    """Return the answers of a kernel, which finds so many nodes easy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(kernel.VARIABLE, name)
        patch.setattr(_decide, "EASY_NODES", easy)
        return _decide.decide_all(problems, REAL_TIME, Budget())


@native
@settings(max_examples=500, deadline=None)
@given(seed=SEEDS, easy=st.integers(0, 30))
def test_registers_have_the_same_answers_by_either_kernel(seed: int, easy: int) -> None:
    """Outcome, method, witness; and of a no without a search, all that is said of it."""
    problem = draw_register_problem(Random(seed), operations=12, clients=6)
    [ours], [theirs] = (ask(name, [problem], easy) for name in ("native", "python"))
    assert (ours.outcome, ours.method) == (theirs.outcome, theirs.method)
    assert (ours.outcome == "yes") is (linearization(problem) is not None)
    assert (ours.order, ours.state) == (theirs.order, theirs.state)
    if ours.method == "overwritten":
        assert ours.explanation == theirs.explanation
    elif ours.outcome == "no" and ours.method == "zones":
        facts, others = ours.explanation, theirs.explanation
        assert facts.keys() == others.keys()
        shown = [i for i in theirs.explanation["operations"] if i >= 0]
        proves = linearization(restrict(problem, sorted({*shown}))) is None
        shown = [i for i in facts["operations"] if i >= 0]
        ours_proves = linearization(restrict(problem, sorted({*shown}))) is None
        assert ours_proves or not proves
    elif ours.outcome == "no":
        assert (ours.prefix, ours.explanation) == (theirs.prefix, theirs.explanation)


@native
@settings(max_examples=100, deadline=None)
@given(seed=SEEDS, easy=st.integers(0, 30))
def test_of_many_registers_the_first_no_ends_it_all(seed: int, easy: int) -> None:
    """What was not decided before is left, by either kernel."""
    rng = Random(seed)
    problems = [draw_register_problem(rng) for _ in range(rng.randint(1, 6))]
    ours, theirs = (ask(name, problems, easy) for name in ("native", "python"))
    for name, answers in (("native", ours), ("python", theirs)):
        outcomes = [answer.outcome for answer in answers]
        legal = [linearization(problem) is not None for problem in problems]
        assert ("no" in outcomes) is not all(legal), name
        for problem, answer, is_legal in zip(problems, answers, legal, strict=True):
            assert answer.outcome in {"unknown", "yes" if is_legal else "no"}
            assert answer.reason is None
            if answer.outcome == "yes":
                assert verify(problem, REAL_TIME, answer.order)


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_a_part_is_decided_although_it_has_classes_that_do_not_occur(
    name: str, seed: int
) -> None:
    """Tests go by what operations do, and not by what the model was asked about."""
    rng = Random(seed)
    problem, order = KINDS[name].problem(rng)
    everything = range(len(problem))
    part = restrict(
        problem, sorted(rng.sample(everything, rng.randint(0, len(problem))))
    )
    answer = _decide.decide(part, order, Budget(nodes=100_000))
    if answer.outcome != "unknown":
        assert (answer.outcome == "yes") is truth(part, order)
    if answer.outcome == "yes":
        assert _decide.is_witness(part, order, answer)
