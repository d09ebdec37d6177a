"""Registers: one value, read, written, and compared and set."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, final

from ._model import ANYTHING, Call, Cell, Function, Model, Shape
from ._values import Frozen, clipped, freeze, shown


PAIR = Shape(
    "a pair [from, to]", lambda value: isinstance(value, tuple) and len(value) == 2
)

READ = Function(gives=ANYTHING, pure=True)
WRITE = Function(takes=ANYTHING)
CAS = Function(takes=PAIR, pure=None, tells_by_failing=True)


def step_value(state: tuple[Frozen, ...], call: Call) -> tuple[Frozen, ...] | None:
    """Return the state of one value after a read, a cas, or else a write."""
    if call.f in {"read", "get"}:
        return state if not call.known or state == (call.output,) else None
    if call.f != "cas":
        return (call.input,)
    old, new = call.input
    if call.failed:
        return state if state != (old,) else None
    return (new,) if state == (old,) else None


def refuse_value(call: Call, state: str) -> str:
    """Return what a read, a cas, or else an append needs of one value."""
    if call.f == "append":
        needs = "a string"
    elif call.f == "cas":
        old = clipped(shown(call.input[0]))
        needs = f"anything but {old}" if call.failed else old
    else:
        needs = clipped(shown(call.output))
    return f"needs {needs}, the state is {state}"


def is_pure_cas(call: Call) -> bool:
    """Whether a cas has failed, or changes nothing."""
    old, new = call.input
    return call.failed or old == new


def describe_cas(call: Call) -> str:
    """Return a cas in a few words."""
    old, new = call.input
    return f"cas {shown(old)} → {shown(new)}{' (failed)' if call.failed else ''}"


class _Value(Model[tuple[Frozen, ...]]):
    """What both registers share. A state is a tuple of the value alone."""

    def __init__(self, init: Any = None) -> None:
        self.initial = (freeze(init),)
        self.nil_is_value = init is None
        self.cell = Cell(
            self.initial[0],
            frozenset({"read"}),
            frozenset({"write"}),
            frozenset({"cas"}.intersection(self.functions)),
        )

    def step(self, state: tuple[Frozen, ...], call: Call) -> tuple[Frozen, ...] | None:
        """Return the state after a call; None if it is illegal in this state."""
        return step_value(state, call)

    def is_pure(self, call: Call) -> bool:
        """Whether a call is a read, or a cas that fails or changes nothing."""
        return is_pure_cas(call) if call.f == "cas" else call.f == "read"

    def describe(self, call: Call) -> str:
        """Return a call in a few words."""
        return describe_cas(call) if call.f == "cas" else super().describe(call)

    def describe_state(self, state: tuple[Frozen, ...]) -> str:
        """Return the value."""
        return clipped(shown(state[0]))

    def refusal(self, state: tuple[Frozen, ...], call: Call) -> str:
        """Return what a call needs."""
        return refuse_value(call, self.describe_state(state))


@final
class Register(_Value):
    """One value, which `read` gives and `write` replaces.

    >>> register = Register(0)
    >>> register.step((0,), Call("write", 3)), register.step((0,), Call("read", None, 4))
    ((3,), None)
    """

    functions = MappingProxyType({"read": READ, "write": WRITE})


@final
class CasRegister(_Value):
    """A register with `cas`, which replaces the value if it is the expected one.

    Its input is [from, to]; at any other value than `from` it fails.

    >>> register = CasRegister(0)
    >>> register.step((0,), Call("cas", (0, 1))), register.step((0,), Call("cas", (2, 1)))
    ((1,), None)
    """

    functions = MappingProxyType({"read": READ, "write": WRITE, "cas": CAS})
