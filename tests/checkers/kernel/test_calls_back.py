"""What the kernel calls back may raise, stop it, or answer nonsense."""

from __future__ import annotations

import os
import signal
from array import array
from random import Random
from threading import Timer
from time import monotonic
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from checkers import kernel
from checkers._verdict import Reason
from checkers.models import Register
from checkers.search import REAL_TIME, Budget, Problem, RegisterView
from checkers.search._problem import KIND_CAS


if TYPE_CHECKING:
    from collections.abc import Callable


pytestmark = pytest.mark.skipif(
    not kernel.available(), reason="the native kernel is not built"
)


@pytest.fixture(autouse=True)
def native(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kernel.VARIABLE, "native")


class Counting:
    """A data type that remembers the order of all that was done; class 0 is illegal."""

    initial = 0
    model = Register(None)

    def __init__(self, count: int) -> None:
        self.pure = [False] * count

    def step(self, state: int, cls: int) -> int:
        return -1 if cls == 0 else (state * 31 + cls) % (1 << 30)

    def can_lead(self, state: int, cls: int) -> bool:
        return True

    def call(self, cls: int) -> Any:
        raise NotImplementedError

    def describe_state(self, state: int) -> str:
        raise NotImplementedError

    def describe_class(self, cls: int) -> str:
        raise NotImplementedError


def crowd(step: Callable[[int, int], int] | None = None, count: int = 40) -> Problem:
    """Return a problem that takes for ever: all at once, and one of them impossible."""
    automaton = Counting(count)
    if step is not None:
        automaton.step = step  # type: ignore[method-assign] # a double of a double
    numbers = range(count)
    return Problem(
        key=None,
        operations=array("q", numbers),
        calls=array("I", numbers),
        returns=array("I", range(count, 2 * count)),
        call_times=array("q", numbers),
        return_times=array("q", numbers),
        processes=array("I", numbers),
        classes=array("I", numbers),
        automaton=automaton,
    )


def swaps(count: int = 44) -> Problem:
    """Return a register that takes for ever, and calls back to ask whether to stop."""
    rng = Random(3)
    view = RegisterView(
        bytearray([KIND_CAS] * count),
        array("i", [rng.randrange(6) for _ in range(count)]),
        array("i", [rng.randrange(6) for _ in range(count)]),
        list(range(6)),
    )
    return msgspec.structs.replace(crowd(count=count), register=view)


def test_what_a_step_raises_is_raised() -> None:
    """An error of a model comes out of the search as it is."""

    def step(state: int, cls: int) -> int:
        raise LookupError(f"{state} {cls}")

    with pytest.raises(LookupError, match="0 0"):
        kernel.search_all([crowd(step)], REAL_TIME, Budget())


def test_an_interrupt_ends_the_search() -> None:
    """An interrupt while the library runs is raised, and soon."""

    def cancelled() -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kernel.search_all([crowd()], REAL_TIME, Budget(cancelled=cancelled))


@pytest.mark.parametrize("at", range(1, 60))
def test_a_signal_is_not_lost(at: int) -> None:
    """Wherever in a call back a signal comes, it is raised in the end."""
    steps = 0

    def step(state: int, cls: int) -> int:
        nonlocal steps
        steps += 1
        if steps == at:
            os.kill(os.getpid(), signal.SIGINT)
        return Counting(40).step(state, cls)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            kernel.search_all([crowd(step)], REAL_TIME, Budget(), threads=1)
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_signal_while_the_library_runs_is_not_lost() -> None:
    """It comes between two bytecodes, most often where the poll begins."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    started = monotonic()
    timer = Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            kernel.search_all([swaps()], REAL_TIME, Budget())
    finally:
        timer.join()
        signal.signal(signal.SIGINT, before)
    assert monotonic() - started < 2


@pytest.mark.parametrize("threads", [1, 2])
def test_a_deadline_ends_the_search(threads: int) -> None:
    """A deadline is kept within a fraction of a second, on all threads."""
    started = monotonic()
    asked = [crowd() for _ in range(3)]
    budget = Budget(deadline=started + 0.2)
    answers = kernel.search_all(asked, REAL_TIME, budget, threads=threads)
    assert answers is not None
    assert {answer.reason for answer in answers} == {Reason.TIMEOUT}
    assert monotonic() - started < 2


def test_too_many_entries_end_the_search() -> None:
    """Memory is bounded: both ways are given up, one after the other."""
    answers = kernel.search_all([crowd()], REAL_TIME, Budget(entries=20_000))
    assert answers is not None
    assert answers[0].reason == Reason.MEMORY


def test_nonsense_is_a_fault_and_no_crash() -> None:
    """Arrays that are no history are refused, with what is wrong with them."""
    problem = crowd(count=2)
    problem.returns[1] = 0
    with pytest.raises(kernel.KernelFault, match="a return is out of range"):
        kernel.search_all([problem], REAL_TIME, Budget())


def test_no_problems_have_no_answers() -> None:
    """Nothing asked, nothing answered."""
    assert kernel.search_all([], REAL_TIME, Budget()) == []
