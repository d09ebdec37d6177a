"""The polynomial tests of the kernel answer what those in Python do, field by field."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import kernel
from checkers._verdict import Reason
from checkers.search import Budget
from checkers.search.polynomial import SEARCHES, TESTS

from .kinds import KINDS


if TYPE_CHECKING:
    from checkers.search import Answer, Order, Problem


pytestmark = pytest.mark.skipif(
    not kernel.available(), reason="the native kernel is not built"
)


def ask(
    which: str,
    method: str,
    problem: Problem,
    order: Order,
    budget: Budget | None = None,
) -> Answer | None:
    """Return what one test says by one kernel."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(kernel.VARIABLE, which)
        if method in TESTS:
            return TESTS[method](problem, order)
        return SEARCHES[method](problem, order, budget)


@pytest.mark.parametrize("name", KINDS)
@given(seed=st.integers(min_value=0, max_value=2**64))
@settings(max_examples=300, deadline=None)
def test_both_kernels_give_one_answer(name: str, seed: int) -> None:
    """The same verdict, the same witness, the same proof, or none from either."""
    kind = KINDS[name]
    problem, order = kind.problem(Random(seed))
    python = ask("python", kind.method, problem, order)
    native = ask("native", kind.method, problem, order)
    assert native == python
    if python is not None and native is not None:
        assert list(native.explanation) == list(python.explanation)
        assert native.order.typecode == python.order.typecode


@pytest.mark.parametrize("method", SEARCHES)
@given(
    seed=st.integers(min_value=0, max_value=2**64),
    nodes=st.integers(min_value=0, max_value=9),
    entries=st.integers(min_value=0, max_value=9),
)
@settings(max_examples=300, deadline=None)
def test_both_kernels_spend_a_budget_alike(
    method: str, seed: int, nodes: int, entries: int
) -> None:
    """They stop at the same configuration, for the same reason."""
    kind = next(kind for kind in KINDS.values() if kind.method == method)
    problem, order = kind.problem(Random(seed))
    budget = Budget(nodes=nodes, entries=entries)
    python = ask("python", method, problem, order, budget)
    assert ask("native", method, problem, order, budget) == python


@pytest.mark.parametrize("method", SEARCHES)
def test_a_spent_budget_is_unknown(method: str) -> None:
    """There are histories that need a search, and the kernel says when it stopped."""
    kind = next(kind for kind in KINDS.values() if kind.method == method)
    drawn = (kind.problem(Random(seed)) for seed in range(200))
    asked = (ask("native", method, *one, Budget(nodes=0)) for one in drawn)
    reasons = {answer.reason for answer in asked if answer}
    assert reasons == {None, Reason.TIMEOUT}
