"""The polynomial tests of the kernel answer what those in Python do, field by field."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import kernel
from checkers.search.polynomial import SEARCHES, TESTS

from .kinds import KINDS


if TYPE_CHECKING:
    from checkers.search import Answer, Order, Problem


pytestmark = pytest.mark.skipif(
    not kernel.available(), reason="the native kernel is not built"
)


def ask(which: str, method: str, problem: Problem, order: Order) -> Answer | None:
    """Return what one test says by one kernel."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(kernel.VARIABLE, which)
        if method in TESTS:
            return TESTS[method](problem, order)
        return SEARCHES[method](problem, order, None)


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
