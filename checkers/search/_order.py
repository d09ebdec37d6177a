"""What a search is asked, what it may spend, and what it answers.

The question: is there an order of a problem's operations that contains every one that
returned, and any of the open ones; that the automaton allows from its initial state;
and that keeps an `Order`? Such an order is a witness, and proves a yes.

An operation `a` precedes `b` in

* `REAL_TIME` if `a` returned before `b` was called: linearizability;
* `PROGRAM` if moreover both are of one process: sequential consistency;
* `relaxed(delay_ns)` if it does in `PROGRAM`; or if it does in `REAL_TIME`, and
  returned at least so long before that call: linearizability for clients that are
  less than `delay_ns` behind. `relaxed(0)` is `REAL_TIME`.

Open operations precede nothing, as they never return, but are preceded: they take
effect at any time after what precedes them, or never.
"""

from __future__ import annotations

import time
from array import array
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from ._problem import NEVER, OPEN


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from checkers._verdict import Reason

    from ._problem import Problem


class Order(msgspec.Struct, frozen=True):
    """Which operations must come before which; see the module.

    Attributes:
        kind: Its name.
        delay_ns: How far behind clients may be, if it is relaxed; 0 else.
    """

    kind: Literal["real-time", "program", "relaxed"]
    delay_ns: int = 0

    def __post_init__(self) -> None:
        if self.delay_ns < 0:
            raise ValueError(f"found a delay of {self.delay_ns} ns; expected 0 or more")


REAL_TIME = Order("real-time")
PROGRAM = Order("program")


def relaxed(delay_ns: int) -> Order:
    """Return the order for clients that are less than so far behind.

    >>> relaxed(5_000_000)
    Order(kind='relaxed', delay_ns=5000000)
    """
    return Order("relaxed", delay_ns)


def openings(problem: Problem, order: Order) -> array[int]:
    """Return, by operation, the event before which all returns come before it.

    This is the order in one form for all kinds: `a` precedes `b` if `returns[a]` is
    less than `openings[b]`; or, unless the order is `REAL_TIME`, if it is less than
    `calls[b]` and both are of one process. An opening is never after the call.

    Times matter in a relaxed order only. Where a clock went back, the time of an
    event counts as the latest so far: it is the history that orders events. Linear.
    """
    if order.kind == "real-time":
        return problem.calls
    if order.kind == "program":
        return array("I", bytes(problem.calls.itemsize * len(problem)))
    returned: list[tuple[int, int]] = []
    opening = array("I")
    events = sorted(
        [(call, i) for i, call in enumerate(problem.calls)]
        + [(end, ~i) for i, end in enumerate(problem.returns) if end != OPEN]
    )
    now, passed, bound = -NEVER, 0, 0
    for event, i in events:
        if i < 0:
            now = max(now, problem.return_times[~i])
            returned.append((event, now))
            continue
        now = max(now, problem.call_times[i])
        while passed < len(returned):
            last, then = returned[passed]
            if then + order.delay_ns > now:
                break
            bound = last + 1
            passed += 1
        opening.append(bound)
    return opening


def narrowed(problem: Problem, opening: Sequence[int], slack: int) -> Sequence[int]:
    """Return openings that only leave the last few returns before a call behind.

    With them, an operation comes after all that returned before its call but the last
    `slack`, and after all that it came after without. Linear.
    """
    returns = sorted(end for end in problem.returns if end != OPEN)
    found = array("I")
    before = 0
    for call, bound in zip(problem.calls, opening, strict=True):
        while before < len(returns) and returns[before] < call:
            before += 1
        last = before - slack
        found.append(max(bound, returns[last - 1] + 1) if last > 0 else bound)
    return found


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """What a search may spend. Past it the answer is unknown.

    Attributes:
        nodes: Configurations to visit; exact, and the same on every machine.
        entries: Configurations to remember, which bounds memory: an entry takes
            about 200 bytes.
        deadline: When to stop, by `clock`; None for never.
        cancelled: Asked all along; True stops the search.
        clock: Seconds since whenever.
    """

    nodes: int = 1 << 62
    entries: int = 4_000_000
    deadline: float | None = None
    cancelled: Callable[[], bool] | None = None
    clock: Callable[[], float] = time.monotonic

    def is_over(self) -> bool:
        """Whether the deadline has passed, or someone has cancelled."""
        if self.deadline is not None and self.clock() >= self.deadline:
            return True
        return self.cancelled is not None and self.cancelled()


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came out.

    Attributes:
        outcome: Whether there is a witness.
        order: The witness, operations in their order; empty unless `yes`. Open
            operations that are not in it never took effect.
        prefix: Unless `yes`: operations in an order that the automaton allows and
            that keeps the order asked for, which nothing found went beyond.
        state: The state after `order` or `prefix`.
        nodes: Configurations visited.
        reason: Why the outcome is `unknown`; None otherwise, and if it is only that
            the problem was left because another one had been answered with no.
        method: How the outcome was found: `search`, or the name of another method.
        explanation: What the method has to say for it, by kebab-case name.
    """

    outcome: Literal["yes", "no", "unknown"]
    order: array[int] = msgspec.field(default_factory=lambda: array("I"))
    prefix: array[int] = msgspec.field(default_factory=lambda: array("I"))
    state: int = 0
    nodes: int = 0
    reason: Reason | None = None
    method: str = "search"
    explanation: dict[str, Any] = {}
