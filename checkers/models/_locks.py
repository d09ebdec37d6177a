"""Locks and semaphores."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, final

from ._errors import ModelError
from ._model import COUNT, Call, Function, Model


_LOCK = MappingProxyType({"acquire": Function(), "release": Function()})

_FREE = -1


@final
class Mutex(Model[bool]):
    """A lock that anyone may release: `acquire` when it is free, `release` when held.

    >>> Mutex().step(False, Call("acquire")), Mutex().step(True, Call("acquire"))
    (True, None)
    """

    functions = _LOCK

    def __init__(self, init: Any = None) -> None:
        self.initial = _is_held(init)

    def step(self, state: bool, call: Call) -> bool | None:  # noqa: FBT001 # a state
        """Return the state after a call; None if it is illegal in this state."""
        held = call.f == "acquire"
        return held if state is not held else None

    def describe_state(self, state: bool) -> str:  # noqa: FBT001 # a state
        """Return whether it is held."""
        return "held" if state else "free"

    def refusal(self, state: bool, call: Call) -> str:  # noqa: ARG002, FBT001 # as in Model; a state
        """Return what the lock is."""
        return f"the lock is {self.describe_state(state)}"


@final
class OwnedMutex(Model[int]):
    """A lock that only the process that holds it may release.

    A state is the process that holds it, or -1.
    """

    functions = _LOCK
    uses_process = True

    def __init__(self, init: Any = None) -> None:
        if init is not None:
            raise ModelError(
                None,
                f"the initial state {init!r}",
                "none",
                "A lock with an owner begins free: leave it out.",
            )
        self.initial = _FREE

    def step(self, state: int, call: Call) -> int | None:
        """Return the state after a call; None if it is illegal in this state."""
        if call.f == "acquire":
            return call.process if state == _FREE else None
        return _FREE if state == call.process else None

    def describe(self, call: Call) -> str:
        """Return a call, and who calls."""
        return f"{call.f} by process {call.process}"

    def describe_state(self, state: int) -> str:
        """Return who holds it."""
        return "free" if state == _FREE else f"held by process {state}"

    def refusal(self, state: int, call: Call) -> str:  # noqa: ARG002 # as in Model
        """Return what the lock is."""
        return f"the lock is {self.describe_state(state)}"


@final
class Semaphore(Model[int]):
    """Permits: `acquire` takes one, or as many as its input says, `release` returns them.

    The initial state is their number. No more can be returned than were taken. A
    state is the number of those that are left.

    >>> Semaphore(2).step(1, Call("acquire")), Semaphore(2).step(1, Call("acquire", 2))
    (0, None)
    """

    functions = MappingProxyType(
        {"acquire": Function(takes=COUNT), "release": Function(takes=COUNT)}
    )

    def __init__(self, init: Any = 1) -> None:
        if type(init) is not int or init < 1:
            raise ModelError(
                None,
                f"the initial state {init!r}",
                "the number of permits",
                "Give it as the initial state; it is 1 by default.",
            )
        self.initial = init

    def step(self, state: int, call: Call) -> int | None:
        """Return the state after a call; None if it is illegal in this state."""
        count = 1 if call.input is None else int(call.input)
        left = state - count if call.f == "acquire" else state + count
        return left if 0 <= left <= self.initial else None

    def describe_state(self, state: int) -> str:
        """Return how many are left."""
        return f"{state} of {self.initial} left"

    def refusal(self, state: int, call: Call) -> str:
        """Return how many it needs, or would return."""
        count = 1 if call.input is None else int(call.input)
        permits = "1 permit" if count == 1 else f"{count} permits"
        if call.f == "acquire":
            return f"needs {permits}, {self.describe_state(state)}"
        return f"returns {permits}, {self.initial - state} of {self.initial} taken"


def _is_held(init: Any) -> bool:
    if init is None or isinstance(init, bool):
        return bool(init)
    raise ModelError(
        None,
        f"the initial state {init!r}",
        "true if the lock begins as held",
        "Leave it out if it begins free.",
    )
