"""A register whose value was seen although it had been overwritten: a no or nothing.

Source: none; what zones are where values are unique (see `_zones`), this is where they
are not, seen from a single operation. It decides no history that is linearizable, and
not every other one, but most of those that clients see go wrong: a read that is stale.

An operation that saw a value `v`, a read or a cas, cannot be placed if

* everything that sets `v` and was called before it returned had returned before some
  event, or there is nothing, and `v` is not the initial value; and
* after that event, and before it was called, some other operation was called and
  returned that shows another value: by having read or set it, or having replaced one.

For where that one takes effect the value is another than `v`, all that could have set
`v` came before, and what is to see it comes after. `n log n`.

Answers None for an order other than real time, where there is no register, and where
it finds nothing.

Violation, with its operations: `overwritten`: who saw the value; who came before, and
shows another one; who was the last to return of those that set it, -1 if the initial
value was meant, or nobody has set it.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from checkers.models import shown
from checkers.search._problem import (
    KIND_CAS,
    KIND_FAILED_CAS,
    KIND_READ,
    KIND_WRITE,
    OPEN,
)

from ._answers import no


if TYPE_CHECKING:
    from checkers.search._order import Answer, Order
    from checkers.search._problem import Problem, RegisterView


METHOD = "overwritten"

NOBODY = -1
START = -1
NO_VALUE = -1
OBSERVING = frozenset({KIND_READ, KIND_CAS})


class Setters:
    """The operations that set one value, by call.

    Attributes:
        calls: Their calls.
        latest: Of each and those before it, the one that returns last.
    """

    __slots__ = ("calls", "latest")

    def __init__(self) -> None:
        self.calls: list[int] = []
        self.latest: list[int] = []


class Shown(NamedTuple):
    """The operation that returns first of several, and of those with another value.

    Attributes:
        end: Its return.
        i: The operation; -1 for none.
        value: The one value that it does not rule out; -1 if it rules out any.
        other_end: The first return of one that may leave another value, or none.
        other: That operation.
    """

    end: int
    i: int
    value: int
    other_end: int
    other: int


def test(problem: Problem, order: Order) -> Answer | None:
    """Return a no if a value was seen that was overwritten; see the module."""
    view = problem.register
    if view is None or order.kind != "real-time":
        return None
    setters = _setters(problem, view)
    first = _first_to_return(problem, view)
    calls, returns, kinds, sees = problem.calls, problem.returns, view.kind, view.a
    nobody = Setters()
    for i, (cls, call, end) in enumerate(
        zip(problem.classes, calls, returns, strict=True)
    ):
        if end == OPEN or kinds[cls] not in OBSERVING:
            continue
        value = sees[cls]
        known = setters.get(value, nobody)
        count = bisect_left(known.calls, end)
        setter = known.latest[count - 1] if count else NOBODY
        event = returns[setter] if setter != NOBODY else START
        if event >= call:
            continue
        by = first[bisect_left(calls, event)]
        by_end, by_i = (by.end, by.i) if by.value != value else by[3:]
        if by_end < call:
            text = shown(view.values[value])
            return no(METHOD, "overwritten", (i, by_i, setter), value=text)
    return None


def _setters(problem: Problem, view: RegisterView) -> dict[int, Setters]:
    """Return the operations that set a value, by value."""
    found: dict[int, Setters] = {}
    returns, kinds, sees, sets = problem.returns, view.kind, view.a, view.b
    for i, (cls, call) in enumerate(zip(problem.classes, problem.calls, strict=True)):
        kind, value = kinds[cls], sees[cls]
        if kind == KIND_CAS and value != sets[cls]:
            value = sets[cls]
        elif kind != KIND_WRITE:
            continue
        known = found.get(value)
        if known is None:
            known = found[value] = Setters()
        latest = known.latest[-1] if known.latest else i
        known.calls.append(call)
        known.latest.append(i if returns[i] >= returns[latest] else latest)
    return found


def _first_to_return(problem: Problem, view: RegisterView) -> list[Shown]:
    """Return, of each operation and those called after it, the first to return."""
    now = Shown(OPEN, NOBODY, NO_VALUE, OPEN, NOBODY)
    found = [now] * (len(problem) + 1)
    returns, classes = problem.returns, problem.classes
    kinds, sees, sets = view.kind, view.a, view.b
    for i in range(len(problem) - 1, -1, -1):
        end, cls = returns[i], classes[i]
        if end < now.other_end:
            kind, value = kinds[cls], sees[cls]
            if kind == KIND_CAS and value != sets[cls]:
                value = NO_VALUE
            if kind == KIND_FAILED_CAS:
                pass  # It shows another value than its own only.
            elif end >= now.end:
                if value != now.value:
                    now = Shown(now.end, now.i, now.value, end, i)
            elif value == now.value:
                now = Shown(end, i, value, now.other_end, now.other)
            else:
                now = Shown(end, i, value, now.end, now.i)
        found[i] = now
    return found
