"""The kernel answers what the Python search answers, to the letter."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import kernel
from checkers._verdict import Reason
from checkers.ladder._subproblem import restrict
from checkers.models import MODELS
from checkers.search import PROGRAM, REAL_TIME, Budget, problems, relaxed, verify
from checkers.search._attempt import Purse, Way
from checkers.search._register_search import register_search
from checkers.search._search import search_all
from checkers.search._verify import final_state
from checkers.search.polynomial import _clusters, _zones

from .drawn_problems import (
    draw_history,
    draw_register_problem,
    draw_table_problem,
)


if TYPE_CHECKING:
    from checkers.search import Answer, Order, Problem


pytestmark = pytest.mark.skipif(
    not kernel.available(), reason="the native kernel is not built"
)

RANDOMS = st.randoms(use_true_random=False)


@pytest.fixture(autouse=True)
def native(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kernel.VARIABLE, "native")


def ask(problem: Problem, order: Order, budget: Budget | None = None) -> Answer:
    """Return the answer of the kernel."""
    answers = kernel.search_all([problem], order, budget or Budget())
    assert answers is not None, "it is chosen"
    return answers[0]


def agree(problem: Problem, order: Order) -> None:
    """Compare the answers of both."""
    native = ask(problem, order)
    assert native == search_all([problem], order)[0]
    if native.outcome == "yes":
        assert verify(problem, order, native.order)


def draw_order(rng: Random) -> Order:
    return rng.choice([REAL_TIME, PROGRAM, relaxed(rng.choice([0, 1, 2, 4, 9]))])


@settings(max_examples=400, deadline=None)
@given(RANDOMS)
def test_random_automata(rng: Random) -> None:
    """Any automaton, in any order: the same answer from the same search."""
    agree(draw_table_problem(rng, operations=14), draw_order(rng))


@settings(max_examples=400, deadline=None)
@given(RANDOMS)
def test_registers(rng: Random) -> None:
    """A register, in any order: the same answer from the same search."""
    agree(draw_register_problem(rng, operations=20, clients=7), draw_order(rng))


@settings(max_examples=300, deadline=None)
@given(RANDOMS)
def test_thrifty_searches(rng: Random) -> None:
    """The same yes with the same witness, after as many nodes; what is no no is unknown."""
    problem = draw_register_problem(rng, operations=30, clients=7)
    native = kernel.search_all([problem], REAL_TIME, Budget(), strategy="thrifty")
    assert native is not None
    steps = register_search(problem, breadth_first=True, thrifty=True)
    python = Way(steps).go_on(1 << 60, Purse(Budget()))
    assert python is not None
    assert (native[0].outcome == "yes") is (python.outcome == "yes")
    if python.outcome == "yes":
        assert native[0] == python


@pytest.mark.parametrize(
    ("seed", "operations", "clients", "expected"),
    [(5081, 400, 8, "yes"), (3802, 250, 12, "no")],
)
def test_registers_that_take_more_than_a_turn(
    seed: int, operations: int, clients: int, expected: str
) -> None:
    """In depth it takes too long: the thrifty search finds a yes, the next one a no."""
    problem = draw_register_problem(
        Random(seed), operations=operations, clients=clients
    )
    native = ask(problem, REAL_TIME)
    assert native == search_all([problem], REAL_TIME)[0]
    assert native.outcome == expected
    if expected == "yes":
        thrifty = kernel.search_all([problem], REAL_TIME, Budget(), strategy="thrifty")
        assert thrifty is not None
        assert thrifty[0].order == native.order


@settings(max_examples=10, deadline=None)
@given(RANDOMS)
def test_a_register_of_many_operations(rng: Random) -> None:
    """Where turns and masks of several words come in, the answers are equal too."""
    problem = draw_register_problem(rng, operations=400, clients=90)
    native = ask(problem, REAL_TIME, Budget(nodes=3000))
    python = search_all([problem], REAL_TIME, Budget(nodes=3000))[0]
    assert native.outcome == python.outcome
    assert native.order == python.order


@pytest.mark.parametrize("name", sorted(MODELS))
@settings(max_examples=25, deadline=None)
@given(rng=RANDOMS)
def test_every_model(name: str, rng: Random) -> None:
    """Every model's steps are asked for, and its histories judged alike."""
    model = MODELS[name]()
    history = draw_history(rng, model)
    order = draw_order(rng)
    asked = problems(history, model, partition=rng.random() < 0.5)
    native = kernel.search_all(asked, order, Budget(), threads=1)
    assert native is not None
    python = search_all(asked, order)
    for ours, theirs in zip(native, python, strict=True):
        assert ours.outcome == theirs.outcome
        assert ours.order == theirs.order


@settings(max_examples=150, deadline=None)
@given(RANDOMS)
def test_unique_values(rng: Random) -> None:
    """What the tests of unique values say, with the same witness, in any order."""
    problem, order = draw_register_problem(rng, operations=14), draw_order(rng)
    test = _zones.test if order == REAL_TIME else _clusters.test
    python, native = test(problem, order), kernel.decide_unique(problem, order)
    if python is None:
        assert native is None
        return
    assert native is not None
    if python.outcome == "no":
        assert (native.outcome, native.method) == ("no", python.method)
        shown = native.explanation["operations"]
        if shown and order.kind != "relaxed":
            alone = test(restrict(problem, shown), order)
            assert alone is not None
            assert alone.outcome == "no"
    else:
        assert (native.order, native.method) == (python.order, python.method)
        assert native.state == final_state(problem, native.order)


@settings(max_examples=60, deadline=None)
@given(RANDOMS, st.integers(1, 3))
def test_many_problems(rng: Random, threads: int) -> None:
    """Many problems end with the first no, on any number of threads."""
    drawn = [draw_register_problem(rng) for _ in range(rng.randint(0, 9))]
    native = kernel.search_all(drawn, REAL_TIME, Budget(), threads=threads)
    assert native is not None
    python = search_all(drawn, REAL_TIME)
    assert [one.outcome for one in native] == [one.outcome for one in python]
    assert [one.reason for one in native] == [one.reason for one in python]


def test_a_budget_of_nodes_is_exact() -> None:
    """A spent budget is unknown, with the reason and with how far the search came."""
    rng = Random(4)
    problem = draw_register_problem(rng, operations=60, clients=9)
    whole = ask(problem, REAL_TIME)
    for nodes in range(0, whole.nodes, 7):
        answer = ask(problem, REAL_TIME, Budget(nodes=nodes))
        assert (answer.outcome, answer.reason) == ("unknown", Reason.TIMEOUT)
        assert answer.nodes == nodes
        assert msgspec.structs.replace(answer, nodes=whole.nodes).prefix is not None
