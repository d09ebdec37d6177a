"""Several registers, read and written together."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, final

from ._errors import ModelError
from ._model import ANYTHING, Call, Function, Model
from ._register import Register
from ._values import Frozen, Object, clipped, freeze, shown, thaw


_READS = {"read", "r"}
_WRITES = {"write", "w"}
_EXPECTED = (
    'a list of ["read", key, value] and ["write", key, value], '
    "or an object of keys and values"
)


@final
class MultiRegister(Model[frozenset[tuple[Frozen, Frozen]]]):
    """A map of registers, which `txn` reads and writes several of at once.

    A value is a list of steps ["read", key, value] and ["write", key, value], done in
    order; with `read` and `write`, it may be an object of keys and values. A state is
    the set of the pairs that differ from the initial ones. Where every call is about
    one key, keys are registers of their own.

    >>> registers = MultiRegister({"x": 0})
    >>> registers.step(frozenset(), Call("txn", (("write", "x", 1), ("read", "x", 1))))
    frozenset({('x', 1)})
    """

    functions = MappingProxyType(
        dict.fromkeys(
            ("txn", "read", "write"),
            Function(takes=ANYTHING, gives=ANYTHING, pure=None),
        )
    )

    def __init__(self, init: Any = None) -> None:
        if not isinstance(init, dict | None):
            raise ModelError(
                None,
                f"the initial state {init!r}",
                "an object of keys and values",
                "Leave it out if all keys begin as null.",
            )
        self.initial = frozenset()
        self._values = {
            freeze(key): freeze(value) for key, value in (init or {}).items()
        }
        self.nil_is_value = None in self._values.values() or not self._values

    def step(
        self, state: frozenset[tuple[Frozen, Frozen]], call: Call
    ) -> frozenset[tuple[Frozen, Frozen]] | None:
        """Return the state after a call; None if it is illegal in this state."""
        values = dict(state)
        for f, key, value in call.input:
            if f == "write":
                values[key] = value
            elif (values[key] if key in values else self.first(key)) != value:
                return None
        return frozenset(
            pair for pair in values.items() if pair[1] != self.first(pair[0])
        )

    def is_pure(self, call: Call) -> bool:
        """Whether a call only reads."""
        return all(f == "read" for f, _, _ in call.input)

    def prepare(self, call: Call, *, nil_is_value: bool) -> Call | None:
        """Return a call whose input is its steps; None if it says nothing.

        What was read is in the output, if the call returned; of a call that did not,
        only writes say something.
        """
        value = call.input if not call.known or call.output is None else call.output
        steps = tuple(
            (f, key, item)
            for f, key, item in _steps(call.f, value)
            if f == "write" or (call.known and (nil_is_value or item is not None))
        )
        return Call("txn", steps) if steps else None

    def partition(self, call: Call) -> tuple[Frozen, Call] | None:
        """Return the register that a call of one step is about."""
        if len(call.input) != 1:
            return None
        f, key, value = call.input[0]
        return key, Call(f, value) if f == "write" else Call(f, None, value)

    def part(self, key: Frozen) -> Model[Any]:
        """Return one register."""
        return Register(thaw(self.first(key)))

    def describe(self, call: Call) -> str:
        """Return a call in a few words."""
        return ", ".join(
            f"{key} = {shown(value)}" if f == "read" else f"{key} := {shown(value)}"
            for f, key, value in call.input
        )

    def describe_state(self, state: frozenset[tuple[Frozen, Frozen]]) -> str:
        """Return the keys that have been written, or that began with a value."""
        values = {**self._values, **dict(state)}
        texts = sorted(f"{key} = {shown(value)}" for key, value in values.items())
        return clipped("{" + ", ".join(texts) + "}")

    def refusal(self, state: frozenset[tuple[Frozen, Frozen]], call: Call) -> str:
        """Return what the first read needs that finds another value."""
        values = dict(state)
        for f, key, needed in call.input:
            found = values[key] if key in values else self.first(key)
            if f != "write" and found != needed:
                needs, is_there = clipped(shown(needed)), clipped(shown(found))
                return f"needs {key} = {needs}, and {key} is {is_there}"
            values[key] = needed
        return super().refusal(state, call)

    def first(self, key: Frozen) -> Frozen:
        """Return a key's first value; the keys of JSON objects may mean integers."""
        if key in self._values:
            return self._values[key]
        return self._values.get(str(key)) if type(key) is int else None


def _steps(f: str, value: Frozen) -> tuple[tuple[str, Frozen, Frozen], ...]:
    """Return what is read and written.

    Raises:
        ValueError: The value is neither of the two forms.
    """
    if value is None:
        return ()
    if isinstance(value, Object) and f != "txn":
        return tuple((f, *pair) for pair in sorted(value.pairs, key=shown))
    if not isinstance(value, tuple) or not all(map(_is_step, value)):
        raise ValueError(_EXPECTED)
    return tuple(
        ("read" if name in _READS else "write", key, item) for name, key, item in value
    )


def _is_step(step: Frozen) -> bool:
    return isinstance(step, tuple) and len(step) == 3 and step[0] in _READS | _WRITES
