"""Problems to the library, and answers from it."""

from __future__ import annotations

import ctypes
from array import array
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from checkers._verdict import Reason
from checkers.search._lookahead import looks_ahead
from checkers.search._order import Answer, openings
from checkers.search._problem import OPEN, RegistersView
from checkers.search._verify import final_state

from . import _abi
from ._errors import KernelFault


if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from checkers.search import Problem
    from checkers.search._order import Budget, Order


LOWER_HALF = 2**32 - 1

Strategy: TypeAlias = Literal["both", "depth", "breadth", "thrifty"]

STRATEGIES: tuple[Strategy, ...] = ("both", "depth", "breadth", "thrifty")

REASONS = {
    _abi.STOP_NODES: Reason.TIMEOUT,
    _abi.STOP_MEMORY: Reason.MEMORY,
    _abi.STOP_DEADLINE: Reason.TIMEOUT,
    _abi.STOP_CANCELLED: Reason.TIMEOUT,
}


class Calls:
    """Functions that the library calls back; keeps what they raise for later.

    A signal interrupts Python where the next function begins, before anything in it can
    catch that, and what leaves a call back is lost. So these are no functions: they are
    generators that wait within a `try`, and go on by `send`.
    """

    def __init__(self) -> None:
        self.raised: BaseException | None = None

    def step(self, step: Callable[[int, int], int]) -> Callable[[int], int]:
        """Return a step function for the library."""
        return self._waiting(lambda both: step(both >> 32, both & LOWER_HALF), -2)

    def can_lead(self, can_lead: Callable[[int, int], bool]) -> Callable[[int], int]:
        """Return a function for the library that says what a state may lead to."""
        return self._waiting(lambda both: can_lead(both >> 32, both & LOWER_HALF), -1)

    def poll(self, is_over: Callable[[], bool]) -> Callable[[int], int]:
        """Return a poll function for the library. It also lets Python interrupt."""
        return self._waiting(lambda _: is_over(), 1)

    def _waiting(
        self, answer: Callable[[int], int], refusal: int
    ) -> Callable[[int], int]:
        answers = self._answers(answer, refusal)
        next(answers)
        return answers.send

    def _answers(
        self, answer: Callable[[int], int], refusal: int
    ) -> Generator[int, int, None]:
        """Answer what is sent, and refuse where that raises."""
        given = refusal
        while True:
            try:
                given = answer((yield given))
            except GeneratorExit:
                raise
            except BaseException as error:  # noqa: BLE001 # raised again by `check`
                self.raised = error
                given = refusal


def search_all(
    library: ctypes.CDLL,
    problems: Sequence[Problem],
    order: Order,
    budget: Budget,
    *,
    strategy: Strategy,
    threads: int,
) -> list[Answer]:
    """Search for a witness of each problem; see `checkers.kernel.search_all`."""
    calls, message = Calls(), message_buffer()
    limits = limited(budget, calls)
    limits.strategy, limits.threads = STRATEGIES.index(strategy), threads
    asked = [_Asked(problem, order, calls) for problem in problems]
    native = (_abi.Problem * len(asked))(*(one.native for one in asked))
    answers = (_abi.Answer * len(asked))(*(one.answer for one in asked))
    code = library.kernel_search(
        native, answers, len(asked), limits, message, len(message)
    )
    check(code, message, calls)
    return [one.read(answer) for one, answer in zip(asked, answers, strict=True)]


def decide_unique(
    library: ctypes.CDLL, problem: Problem, order: Order
) -> Answer | None:
    """Decide a register whose values are unique; see `checkers.kernel.decide_unique`."""
    calls, message = Calls(), message_buffer()
    asked = _Asked(problem, order, calls)
    code = library.kernel_unique(asked.native, asked.answer, message, len(message))
    check(code, message, calls)
    if asked.answer.outcome == _abi.UNFIT:
        return None
    method = "zones" if order.kind == "real-time" else "clusters"
    if asked.answer.outcome == _abi.NO:
        shown = list(asked.read(asked.answer).prefix)
        return Answer(outcome="no", method=method, explanation={"operations": shown})
    return msgspec.structs.replace(asked.read(asked.answer), method=method)


def limited(budget: Budget, calls: Calls) -> _abi.Limits:
    """Return a budget in the form of the library. Its clock stays in Python."""
    return _abi.Limits(
        nodes=min(budget.nodes, 2**64 - 1),
        entries=min(budget.entries, 2**64 - 1),
        nanoseconds=2**63,
        poll=_abi.Poll(calls.poll(budget.is_over)),
    )


def message_buffer() -> ctypes.Array[ctypes.c_char]:
    """Return room for what the library has to say."""
    return ctypes.create_string_buffer(_abi.MESSAGE_BYTES)


def check(code: int, message: ctypes.Array[ctypes.c_char], calls: Calls) -> None:
    """Raise what was raised in a call back, or a fault if the library says so."""
    if calls.raised is not None:
        raise calls.raised
    if code != 0:
        raise KernelFault(f"the kernel says: {message.value.decode(errors='replace')}")


class _Asked:
    """A problem in the form of the library, with all that has to stay alive.

    Attributes:
        native: The problem.
        answer: Room for its answer.
    """

    def __init__(self, problem: Problem, order: Order, calls: Calls) -> None:
        self._problem = problem
        self._openings = openings(problem, order)
        self._processes = problem.processes
        if order.kind == "real-time":
            self._processes = array("I")
        self._numbers = array("I", bytes(4 * len(problem)))
        self.native = _abi.Problem(
            openings=_abi.sliced(self._openings),
            calls=_abi.sliced(problem.calls),
            returns=_abi.sliced(problem.returns),
            processes=_abi.sliced(self._processes),
            classes=_abi.sliced(problem.classes),
        )
        view = problem.register or problem.registers
        if view is not None:
            self.native.kinds = _abi.sliced(view.kind)
            self.native.a, self.native.b = _abi.sliced(view.a), _abi.sliced(view.b)
            if isinstance(view, RegistersView):
                self._keys = array("I", view.key)
                self.native.keys = _abi.sliced(self._keys)
        else:
            self._pure = bytes(problem.automaton.pure)
            self.native.pure = _abi.sliced(self._pure)
            automaton = problem.automaton
            self.native.step = _abi.Step(calls.step(automaton.step))
            if looks_ahead(automaton):
                self.native.can_lead = _abi.CanLead(calls.can_lead(automaton.can_lead))
        room, _ = self._numbers.buffer_info()
        self.answer = _abi.Answer(order=room, capacity=len(problem))

    def read(self, answer: _abi.Answer) -> Answer:
        """Return an answer that the library has filled in."""
        problem, order = self._problem, self._numbers[: answer.length]
        state: int = answer.state
        if problem.registers is not None:
            # The library numbers these states as it meets them.
            replayed = final_state(problem, order)
            assert replayed is not None, "what the library returns is legal"
            state = replayed
        if answer.outcome == _abi.YES:
            return Answer(outcome="yes", order=order, state=state, nodes=answer.nodes)
        stuck = None if answer.stuck == _abi.NONE else answer.stuck
        return Answer(
            outcome="no" if answer.outcome == _abi.NO else "unknown",
            prefix=order,
            state=state,
            nodes=answer.nodes,
            reason=REASONS.get(answer.stop),
            explanation={"stuck": stuck, "open": problem.returns.count(OPEN)},
        )
