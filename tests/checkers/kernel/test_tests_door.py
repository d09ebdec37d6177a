"""The door to the polynomial tests of the library refuses what is no problem."""

from __future__ import annotations

from array import array

import pytest

from checkers import kernel
from checkers.models import FifoQueue
from checkers.search import REAL_TIME, Problem, problems
from histories import Event, History


pytestmark = pytest.mark.skipif(
    not kernel.available(), reason="the native kernel is not built"
)


@pytest.fixture(autouse=True)
def native(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kernel.VARIABLE, "native")


def queue() -> Problem:
    """Return an enqueue and a dequeue."""
    said = [("enqueue", 7, 7), ("dequeue", None, 7)]
    lines = [
        (type_, f, value)
        for f, asked, got in said
        for type_, value in (("invoke", asked), ("ok", got))
    ]
    history = History.from_events(
        Event(index=i, time=i, type=type_, process=0, f=f, value=value)
        for i, (type_, f, value) in enumerate(lines)
    )
    [problem] = problems(history, FifoQueue())
    return problem


def ask(problem: Problem, test: str = "fifo-queue", **changed: object) -> str:
    """Return the outcome of a test, told what a queue does or something else."""
    said = {
        "roles": b"\1\0",
        "marks": b"\0\0",
        "a": array("i", [0, -1]),
        "b": array("i", [-1, 0]),
        "values": 1,
    }
    roles = kernel.Roles(**said | changed)  # type: ignore[arg-type] # on purpose
    verdict = kernel.decide_by(test, problem, REAL_TIME, roles)
    assert verdict is not None
    return verdict.outcome


def test_what_is_a_queue_is_answered() -> None:
    """This is what the others spoil."""
    assert ask(queue()) == "yes"


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"values": 0}, "a value is out of range"),
        ({"a": array("i", [-1, -1])}, "a value is out of range"),
        ({"b": array("i", [-1, 4])}, "a value is out of range"),
        ({"first": array("I", [2**32 - 1])}, "a value is out of range"),
        ({"roles": b"\1"}, "a class is out of range"),
        ({"marks": b"\0"}, "arrays of classes differ in length"),
        ({"values": 2**40}, "too many values"),
    ],
)
def test_columns_that_cannot_be_are_refused(
    changed: dict[str, object], found: str
) -> None:
    """What is wrong is said, and nothing is read that is not there."""
    with pytest.raises(kernel.KernelFault, match=found):
        ask(queue(), **changed)


@pytest.mark.parametrize(
    ("test", "changed", "found"),
    [
        ("priority-queue", {"values": 2, "ranks": array("I", [0])}, "no rank"),
        ("append-list", {"a": array("i", [2, 0])}, "a length is out of range"),
        ("owned-mutex", {}, "there are no processes"),
        ("counter", {"a": array("i", [-3, 0])}, "a level is out of range"),
        ("counter-levels", {}, "there are no processes"),
    ],
)
def test_each_test_looks_at_its_own_columns(
    test: str, changed: dict[str, object], found: str
) -> None:
    """Ranks, lengths, levels and processes."""
    with pytest.raises(kernel.KernelFault, match=found):
        ask(queue(), test, **changed)


def test_operations_that_cannot_be_are_refused() -> None:
    """Their arrays are looked at as those of a search are."""
    problem = queue()
    problem.returns[0] = 0
    with pytest.raises(kernel.KernelFault, match="a return is out of range"):
        ask(problem)


def test_a_choice_of_python_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the library is not asked."""
    monkeypatch.setenv(kernel.VARIABLE, "python")
    roles = kernel.Roles(roles=b"\1\0", a=array("i", [0, 0]))
    assert kernel.decide_by("fifo-queue", queue(), REAL_TIME, roles) is None
