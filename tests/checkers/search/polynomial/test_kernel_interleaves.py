"""The kernel interleaves threads as the Python searches do, to the letter."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import kernel
from checkers.search import Budget
from checkers.search.polynomial import _counter_search, _registers
from checkers.search.polynomial._reads_from import ReadsFrom, reads_from

from .kinds import KINDS


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers.kernel._threads import Interleaving
    from checkers.search import Order, Problem


pytestmark = pytest.mark.skipif(
    not kernel.available(), reason="the native kernel is not built"
)

SEEDS = st.integers(min_value=0, max_value=2**64)
BUDGET = Budget()


@pytest.fixture(autouse=True)
def native(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kernel.VARIABLE, "native")


def problem_of(method: str, seed: int) -> tuple[Problem, Order]:
    """Return a problem that is drawn for a search."""
    kind = next(kind for kind in KINDS.values() if kind.method == method)
    return kind.problem(Random(seed))


def told(problem: Problem, order: Order, test: Callable[..., object]) -> str:
    """Return what a Python search has found, in the words of the kernel."""
    answer = test(problem, order, BUDGET)
    violation = answer.explanation.get("violation")
    return {"circle": "circle", "no-interleaving": "tried"}.get(
        violation, answer.outcome
    )


@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_registers(seed: int) -> None:
    """Several registers: the same finding, and the same order."""
    problem, order = problem_of(_registers.METHOD, seed)
    graph = reads_from(problem, _registers.METHOD)
    if not isinstance(graph, ReadsFrom) or graph.failed:
        return
    found = kernel.interleave_registers(graph, BUDGET)
    python = _registers.test(problem, order, BUDGET)
    assert found is not None
    assert python is not None
    assert found.finding == told(problem, order, _registers.test)
    assert found.nodes == python.nodes
    assert found.order == (python.order or python.prefix)


@settings(max_examples=300, deadline=None)
@given(seed=SEEDS)
def test_counters(seed: int) -> None:
    """Counters: the same finding, configurations and order."""
    problem, order = problem_of(_counter_search.METHOD, seed)
    found: list[Interleaving | None] = []
    python = []

    class Both(_counter_search._Search):
        def run(self, limit: int, is_over: Callable[[], bool]) -> bool | None:
            threads, waits = self._threads, self._waits
            found.append(
                kernel.interleave_counter(
                    threads, waits, self._delta, self._read, BUDGET
                )
            )
            outcome = super().run(limit, is_over)
            python.append((outcome, len(self.visited), self._order, self.deepest))
            return outcome

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_counter_search, "_Search", Both)
        _counter_search.test(problem, order, BUDGET)
    for native, (outcome, nodes, line, deepest) in zip(found, python, strict=True):
        assert native is not None
        assert native.finding == ("yes" if outcome else "tried")
        assert native.nodes == nodes
        assert list(native.order) == (line if outcome else deepest)


def test_a_budget_of_nodes() -> None:
    """A spent budget is unknown, and says so."""
    for seed in range(200):
        problem, _ = problem_of(_registers.METHOD, seed)
        graph = reads_from(problem, _registers.METHOD)
        if isinstance(graph, ReadsFrom):
            found = kernel.interleave_registers(graph, Budget(nodes=0))
            assert found is not None
            if found.finding == "unknown":
                assert found.reason is not None
                return
    pytest.fail("none of them needs a search")
