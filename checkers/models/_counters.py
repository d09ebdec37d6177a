"""Counters: a sum of deltas."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, final

from ._errors import ModelError
from ._model import INTEGER, Call, Function, Model, Shape


NATURAL = Shape(
    "an integer from 0 on, or the model pn-counter",
    lambda value: isinstance(value, int) and value >= 0,
)
UNIT = Shape("an integer or null", lambda value: value is None or type(value) is int)
NATURAL_UNIT = Shape(
    "an integer from 0 on, or null",
    lambda value: value is None or (isinstance(value, int) and value >= 0),
)

_READ = Function(gives=INTEGER, pure=True)


class _Counter(Model[int]):
    """What both counters share. A state is the sum."""

    def __init__(self, init: Any = 0) -> None:
        if type(init) is not int:
            raise ModelError(
                None,
                f"the initial state {init!r}",
                "an integer",
                "Leave it out if the counter begins at 0.",
            )
        self.initial = init

    def step(self, state: int, call: Call) -> int | None:
        """Return the state after a call; None if it is illegal in this state."""
        if call.f == "add":
            return state + int(call.input)
        return state if not call.known or state == call.output else None

    def refusal(self, state: int, call: Call) -> str:
        """Return what a read needs."""
        return f"needs {call.output}, the sum is {state}"

    def is_pure(self, call: Call) -> bool:
        """Whether a call is a read or adds nothing."""
        return call.f == "read" or call.input == 0

    def prepare(self, call: Call, *, nil_is_value: bool) -> Call | None:  # noqa: ARG002 # as in Model
        """Return every change as an `add`, with 1 where no delta is given."""
        if call.f == "read":
            return call
        delta = 1 if call.input is None else int(call.input)
        return Call("add", -delta if call.f == "decrement" else delta)


@final
class GCounter(_Counter):
    """A sum that only grows: `add` takes a delta, `increment` adds 1, `read` gives the sum.

    >>> GCounter().step(2, Call("add", 3))
    5
    """

    functions = MappingProxyType(
        {
            "add": Function(takes=NATURAL, pure=None),
            "increment": Function(takes=NATURAL_UNIT, pure=None),
            "read": _READ,
        }
    )

    def can_lead(self, state: int, call: Call) -> bool:
        """Whether the sum has not yet passed what a read has seen."""
        return call.f == "add" or not call.known or state <= call.output


@final
class PnCounter(_Counter):
    """A sum: `add` takes a delta of either sign, `decrement` subtracts, `read` gives it."""

    functions = MappingProxyType(
        {
            "add": Function(takes=INTEGER, pure=None),
            "increment": Function(takes=UNIT, pure=None),
            "decrement": Function(takes=UNIT, pure=None),
            "read": _READ,
        }
    )
