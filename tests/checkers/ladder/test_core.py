"""Minimal parts of histories that no order explains."""

from __future__ import annotations

from array import array
from random import Random
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.ladder._core import Core, find_core
from checkers.ladder._dead_ends import dead_ends
from checkers.ladder._decide import decide
from checkers.ladder._subproblem import restrict, unordered
from checkers.models import MODELS
from checkers.search import OPEN, PROGRAM, REAL_TIME, Budget, problems

from ..search.oracle import linearization, sequentialization  # noqa: TID252 # tests are no package that could be named
from ..search.polynomial.drawn import draw  # noqa: TID252 # as above
from ..search.polynomial.things import (  # noqa: TID252 # as above
    Box,
    Counter,
    Growing,
    Lock,
    UniqueRegister,
)
from .scripts import history_of, parse


if TYPE_CHECKING:
    from checkers.search import Order, Problem
    from histories import History


THINGS = {
    "register": lambda: (UniqueRegister(), MODELS["register"](0)),
    "cas-register": lambda: (
        UniqueRegister(swaps=0.4, again=0.3),
        MODELS["cas-register"](0),
    ),
    "g-counter": lambda: (Counter([1, 2]), MODELS["g-counter"]()),
    "append-list": lambda: (Growing(), MODELS["append-list"]()),
    "mutex": lambda: (Lock(), MODELS["owned-mutex"]()),
    "fifo-queue": lambda: (Box("enqueue", "dequeue"), MODELS["fifo-queue"]()),
}


def _core(problem: Problem, order: Order) -> Core | None:
    answer = decide(problem, order, Budget())
    if answer.outcome != "no":
        return None
    return find_core(problem, order, answer, is_over=lambda: False)


def _exists(problem: Problem, order: Order) -> bool:
    found = (linearization if order == REAL_TIME else sequentialization)(problem)
    return found is not None


@pytest.mark.parametrize("name", THINGS)
@given(seed=st.integers(0, 1 << 60), program=st.booleans())
@settings(max_examples=60, deadline=None)
def test_nothing_can_be_left_out_of_a_core(
    name: str,
    seed: int,
    program: bool,  # noqa: FBT001 # drawn
) -> None:
    """Without any one operation, an order exists, or a result has lost its cause."""
    thing, model = THINGS[name]()
    history = draw(Random(seed), thing, operations=8, clients=3, wrong=2)
    order = PROGRAM if program else REAL_TIME
    [problem] = problems(history, model)
    core = _core(problem, order)
    if core is None:
        return
    assert core.is_minimal
    assert core.before == len(problem)
    assert core.answer.outcome == "no"
    assert not _exists(core.problem, order)
    guard = _ordered if _ordered(problem) else _possible
    assert guard(core.problem) or not guard(problem)
    everything = range(len(core.problem))
    for left_out in everything:
        rest = restrict(core.problem, [i for i in everything if i != left_out])
        loses_cause = guard(problem) and not guard(rest)
        assert loses_cause or _exists(rest, order)


def _ordered(problem: Problem) -> bool:
    """Whether any order explains all operations."""
    return _exists(unordered(problem), REAL_TIME)


def _possible(problem: Problem) -> bool:
    """Whether each operation is explained by some of the others."""
    free = unordered(problem)
    for i, end in enumerate(problem.returns):
        returns = array("I", [OPEN]) * len(problem)
        returns[i] = len(problem)
        alone = msgspec.structs.replace(free, returns=returns)
        if end != OPEN and not _exists(alone, REAL_TIME):
            return False
    return True


@pytest.mark.parametrize("name", THINGS)
@given(seed=st.integers(0, 1 << 60))
@settings(max_examples=40, deadline=None)
def test_orders_end_where_nothing_is_legal(name: str, seed: int) -> None:
    """A dead end is a legal order, and none of its candidates can come next."""
    thing, model = THINGS[name]()
    history = draw(Random(seed), thing, operations=6, clients=3, wrong=2)
    [problem] = problems(history, model)
    core = _core(problem, REAL_TIME)
    if core is None:
        return
    automaton, classes = core.problem.automaton, core.problem.classes
    ends = dead_ends(core.problem, REAL_TIME)
    assert ends
    for end in ends:
        state = automaton.initial
        for i in end.prefix:
            state = automaton.step(state, classes[i])
        assert state == end.state
        assert end.candidates
        assert all(automaton.step(state, classes[i]) < 0 for i in end.candidates)


def _problem(script: str) -> Problem:
    history: History = history_of(parse(script), keyed=False)
    [problem] = problems(history, MODELS["cas-register"]())
    return problem


def test_the_write_of_a_stale_value_stays() -> None:
    """Without it, the read would be wrong for another reason."""
    script = ["0 x=1", "0 x=2", *(f"{n} x=3, {n} x:3" for n in range(1, 30)), "9 x:2"]
    core = _core(_problem(", ".join(script)), REAL_TIME)
    assert core is not None
    assert len(core.problem) == 3
    describe = core.problem.automaton.describe_class
    assert [describe(cls) for cls in core.problem.classes] == [
        "write 2",
        "write 3",
        "read → 2",
    ]


def test_a_value_from_nowhere_is_a_core_by_itself() -> None:
    """It has no cause that could stay."""
    core = _core(_problem("0 x=1, 1 x:1, 1 x:7, 0 x=2, 1 x:2"), REAL_TIME)
    assert core is not None
    assert len(core.problem) == 1


def test_a_chain_of_swaps_stays_whole() -> None:
    """Each is the cause of the next one."""
    core = _core(_problem("0 x=1, 0 x:1>2, 0 x:2>3, 1 x:3>4, 0 x:3"), REAL_TIME)
    assert core is not None
    assert len(core.problem) == 5


def test_a_value_that_is_taken_twice_keeps_its_write() -> None:
    """No order explains that, but each of the two could have been the one."""
    core = _core(_problem("0 x=1, 1 x:1>2, 2 x:1>3, 2 x:3, 0 x=4, 0 x:4"), REAL_TIME)
    assert core is not None
    describe = core.problem.automaton.describe_class
    assert [describe(cls) for cls in core.problem.classes] == [
        "write 1",
        "cas 1 → 2",
        "cas 1 → 3",
    ]


def test_a_part_of_a_problem_has_no_gaps() -> None:
    """Events are numbered anew, open operations stay open."""
    problem = _problem("0 x=1, 1 x=2?, 2 x=3, 0 x:1")
    part = restrict(problem, [1, 3])
    assert list(part.calls) == [0, 1]
    assert part.returns[0] == 2**32 - 1
    assert part.returns[1] == 2
    assert list(part.operations) == [problem.operations[1], problem.operations[3]]
