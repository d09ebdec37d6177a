"""Problems to the library, and answers from it."""

from __future__ import annotations

import ctypes
from array import array
from typing import TYPE_CHECKING, Literal

from checkers._verdict import Reason
from checkers.search._order import Answer, openings

from . import _abi
from ._errors import KernelFault


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers.search import Problem
    from checkers.search._order import Budget, Order


STRATEGIES = ("both", "depth", "breadth")

REASONS = {
    _abi.STOP_NODES: Reason.TIMEOUT,
    _abi.STOP_MEMORY: Reason.MEMORY,
    _abi.STOP_DEADLINE: Reason.TIMEOUT,
    _abi.STOP_CANCELLED: Reason.TIMEOUT,
}


class Calls:
    """Functions that the library calls back; keeps what they raise for later."""

    def __init__(self) -> None:
        self.raised: BaseException | None = None

    def step(self, step: Callable[[int, int], int]) -> Callable[[int, int, int], int]:
        """Return a step function for the library."""

        def called(_: int, state: int, cls: int) -> int:
            try:
                return step(state, cls)
            except BaseException as error:  # noqa: BLE001 # raised again by `search`
                self.raised = error
                return -2

        return called

    def poll(self, is_over: Callable[[], bool]) -> Callable[[int], int]:
        """Return a poll function for the library. It also lets Python interrupt."""

        def called(_: int) -> int:
            try:
                return is_over()
            except BaseException as error:  # noqa: BLE001 # raised again by `search`
                self.raised = error
                return 1

        return called


def search(
    library: ctypes.CDLL,
    problem: Problem,
    order: Order,
    budget: Budget,
    strategy: Literal["both", "depth", "breadth"],
) -> Answer:
    """Search for a witness; see `checkers.kernel.search`."""
    calls = Calls()
    nothing = array("I")
    opened = openings(problem, order)
    processes = nothing if order.kind == "real-time" else problem.processes
    native = _abi.Problem(
        openings=_abi.sliced(opened),
        calls=_abi.sliced(problem.calls),
        returns=_abi.sliced(problem.returns),
        processes=_abi.sliced(processes),
        classes=_abi.sliced(problem.classes),
    )
    if problem.register is not None:
        view = problem.register
        native.kinds = _abi.sliced(view.kind)
        native.a, native.b = _abi.sliced(view.a), _abi.sliced(view.b)
    else:
        pure = bytes(problem.automaton.pure)
        native.pure = _abi.sliced(pure)
        native.step = _abi.Step(calls.step(problem.automaton.step))
    limits = _abi.Limits(
        nodes=min(budget.nodes, 2**64 - 1),
        entries=min(budget.entries, 2**64 - 1),
        nanoseconds=2**63,
        strategy=STRATEGIES.index(strategy),
        poll=_abi.Poll(calls.poll(budget.is_over)),
    )
    found = array("I", bytes(4 * len(problem)))
    answer = _abi.Answer(order=found.buffer_info()[0], capacity=len(found))
    message = ctypes.create_string_buffer(_abi.MESSAGE_BYTES)
    code = library.kernel_search(native, limits, answer, message, len(message))
    if calls.raised is not None:
        raise calls.raised
    if code != 0:
        raise KernelFault(f"the kernel says: {message.value.decode(errors='replace')}")
    return _answer(answer, found[: answer.length])


def _answer(answer: _abi.Answer, numbers: array[int]) -> Answer:
    if answer.outcome == _abi.YES:
        return Answer(
            outcome="yes", order=numbers, state=answer.state, nodes=answer.nodes
        )
    return Answer(
        outcome="no" if answer.outcome == _abi.NO else "unknown",
        prefix=numbers,
        state=answer.state,
        nodes=answer.nodes,
        reason=REASONS.get(answer.stop),
    )
