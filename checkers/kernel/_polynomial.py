"""Problems to the polynomial tests of the library, and verdicts from them."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from checkers.search._order import openings

from . import _abi
from ._roles import Verdict
from ._search import Calls, check, message_buffer


if TYPE_CHECKING:
    import ctypes

    from checkers.search import Problem
    from checkers.search._order import Order

    from ._roles import Roles


TESTS = (
    "fifo-queue",
    "priority-queue",
    "stack",
    "set-element",
    "owned-mutex",
    "append-list",
    "counter",
    "counter-levels",
)
"""As `src/abi/polynomial.rs` numbers them."""

VIOLATIONS = (
    "never-inserted",
    "removed-twice",
    "removed-before-inserted",
    "never-empty",
    "out-of-order",
    "never-the-least",
    "no-lowest",
    "no-flip",
    "not-in-turns",
    "held-twice",
    "disagree",
    "never-appended",
    "against-time",
    "against-program",
    "overtaken",
    "too-few-adds",
    "reads-go-back",
    "add-not-seen",
    "too-many-adds",
)
"""As `src/polynomial/mod.rs` numbers them."""

NOBODY = -1


def decide(
    library: ctypes.CDLL, test: str, problem: Problem, order: Order, roles: Roles
) -> Verdict:
    """Decide a problem by a test; see `checkers.kernel.decide_by`."""
    opening, processes = openings(problem, order), problem.processes
    if order.kind == "real-time" and not roles.by_process:
        processes = array("I")
    # A no may name two operations, and a value, for each element.
    room = array("I", bytes(12 * (len(problem) + len(roles.first) + 2)))
    asked = _abi.Test(
        test=TESTS.index(test),
        nothing=_abi.NONE if roles.nothing is None else roles.nothing,
        openings=_abi.sliced(opening),
        calls=_abi.sliced(problem.calls),
        returns=_abi.sliced(problem.returns),
        processes=_abi.sliced(processes),
        classes=_abi.sliced(problem.classes),
        roles=_abi.sliced(roles.roles),
        marks=_abi.sliced(roles.marks),
        a=_abi.sliced(roles.a),
        b=_abi.sliced(roles.b),
        first=_abi.sliced(roles.first),
        ranks=_abi.sliced(roles.ranks),
        value_count=roles.values,
        in_real_time=order.kind == "real-time",
        numbers=room.buffer_info()[0],
        capacity=len(room),
    )
    calls, message = Calls(), message_buffer()
    check(library.kernel_test(asked, message, len(message)), message, calls)
    operations = room[: asked.operation_count]
    if asked.outcome == _abi.YES:
        return Verdict(outcome="yes", operations=operations)
    if asked.outcome == _abi.UNFIT:
        return Verdict(outcome="unfit", operations=operations)
    return Verdict(
        outcome="no",
        operations=array("q", (NOBODY if i == _abi.NONE else i for i in operations)),
        violation=VIOLATIONS[asked.violation],
        facts=room[asked.operation_count : asked.operation_count + asked.fact_count],
    )
