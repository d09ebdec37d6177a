"""Registers: one value, read, written, and compared and set."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, final

from ._model import ANYTHING, Call, Cell, Function, Model, Shape
from ._values import Frozen, freeze, shown


def _is_pair(value: Frozen) -> bool:
    return isinstance(value, tuple) and len(value) == 2


PAIR = Shape("a pair [from, to]", _is_pair)

READ = Function(gives=ANYTHING, pure=True)
WRITE = Function(takes=ANYTHING)
CAS = Function(takes=PAIR, pure=None, tells_by_failing=True)


class _Value(Model[tuple[Frozen]]):
    """What both registers share. A state is a tuple of the value alone."""

    def __init__(self, init: Any = None) -> None:
        self.initial: tuple[Frozen] = (freeze(init),)

    def step(self, state: tuple[Frozen], call: Call) -> tuple[Frozen] | None:
        """Return the state after a call; None if it is illegal in this state."""
        if call.f == "read":
            return state if not call.known or state == (call.output,) else None
        if call.f == "write":
            return (call.input,)
        old, new = call.input
        if call.failed:
            return state if state != (old,) else None
        return (new,) if state == (old,) else None

    def is_pure(self, call: Call) -> bool:
        """Whether a call is a read, or a cas that fails or changes nothing."""
        if call.f != "cas":
            return call.f == "read"
        old, new = call.input
        return call.failed or old == new

    def describe(self, call: Call) -> str:
        """Return a call in a few words."""
        if call.f != "cas":
            return super().describe(call)
        old, new = call.input
        text = f"cas {shown(old)} → {shown(new)}"
        return f"{text} (failed)" if call.failed else text

    def describe_state(self, state: tuple[Frozen]) -> str:
        """Return the value."""
        return shown(state[0])


@final
class Register(_Value):
    """`read` gives the value, `write` takes a new one.

    >>> register = Register(0)
    >>> register.step((0,), Call("write", 3)), register.step((0,), Call("read", None, 4))
    ((3,), None)
    """

    name = "register"
    doc = "One value, which `read` gives and `write` replaces."
    functions = MappingProxyType({"read": READ, "write": WRITE})

    def __init__(self, init: Any = None) -> None:
        super().__init__(init)
        self.cell = Cell(self.initial[0], frozenset({"read"}), frozenset({"write"}))


@final
class CasRegister(_Value):
    """A register with `cas`, which takes [from, to] and fails at any other value."""

    name = "cas-register"
    doc = "One value, which `read` gives, `write` replaces and `cas` replaces if it is as expected."
    functions = MappingProxyType({"read": READ, "write": WRITE, "cas": CAS})

    def __init__(self, init: Any = None) -> None:
        super().__init__(init)
        self.cell = Cell(
            self.initial[0],
            frozenset({"read"}),
            frozenset({"write"}),
            frozenset({"cas"}),
        )
