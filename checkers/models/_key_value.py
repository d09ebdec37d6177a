"""A store of independent keys."""

from __future__ import annotations

from bisect import bisect_left
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, final

from ._model import TEXT, Call, Cell, Function, Model
from ._register import (
    CAS,
    READ,
    WRITE,
    describe_cas,
    is_pure_cas,
    refuse_value,
    step_value,
)
from ._values import Frozen, clipped, freeze, shown


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


UNREAD: tuple[Frozen, ...] = ()
"""In place of strings that no call has found, nor any that begins with them."""


@final
class KeyValue(Model[tuple[Frozen, ...]]):
    """A map: `read` or `get`, `write` or `put`, `cas`, and `append` to a string.

    Values are pairs [key, value]; the input of a read may be the key alone, and its
    output is then the value alone. A key that was never written has the initial
    value: null, or the empty string in the logs of Porcupine. To null, a string is
    appended as to the empty one. A state is a tuple of the value of one key.

    >>> store = KeyValue("")
    >>> store.step(("a",), Call("append", "b")), store.step((3,), Call("append", "b"))
    (('ab',), None)
    """

    name = "kv"
    keyed = True
    functions = MappingProxyType(
        {
            "read": READ,
            "get": READ,
            "write": WRITE,
            "put": WRITE,
            "cas": CAS,
            "append": Function(takes=TEXT, pure=None),
        }
    )

    def __init__(self, init: Any = None) -> None:
        self.initial = (freeze(init),)
        self.nil_is_value = init is None
        self.cell = Cell(
            self.initial[0],
            frozenset({"read", "get"}),
            frozenset({"write", "put"}),
            frozenset({"cas"}),
            frozenset({"append"}),
        )

    def step(self, state: tuple[Frozen, ...], call: Call) -> tuple[Frozen, ...] | None:
        """Return the state after a call; None if it is illegal in this state."""
        if call.f != "append":
            return step_value(state, call)
        if state == UNREAD:
            return UNREAD
        value = "" if state[0] is None else state[0]
        return (value + call.input,) if isinstance(value, str) else None

    def is_pure(self, call: Call) -> bool:
        """Whether a call is a read, or a cas that fails or changes nothing."""
        return is_pure_cas(call) if call.f == "cas" else call.f in {"read", "get"}

    def lens(
        self, calls: Iterable[Call]
    ) -> Callable[[tuple[Frozen, ...]], tuple[Frozen, ...]]:
        """Take all strings for one that can grow to none that a call has found."""
        found = sorted(
            {
                value
                for call in calls
                for value in (call.output, call.input[0] if call.f == "cas" else None)
                if isinstance(value, str)
            }
        )

        def seen(state: tuple[Frozen, ...]) -> tuple[Frozen, ...]:
            if not state or not isinstance(state[0], str):
                return state
            at = bisect_left(found, state[0])
            grows = at < len(found) and found[at].startswith(state[0])
            return state if grows else UNREAD

        return seen

    def describe(self, call: Call) -> str:
        """Return a call in a few words."""
        return describe_cas(call) if call.f == "cas" else super().describe(call)

    def describe_state(self, state: tuple[Frozen, ...]) -> str:
        """Return the value of the key."""
        return clipped(shown(state[0])) if state else "a string that nobody read"

    def refusal(self, state: tuple[Frozen, ...], call: Call) -> str:
        """Return what a call needs."""
        return refuse_value(call, self.describe_state(state))
