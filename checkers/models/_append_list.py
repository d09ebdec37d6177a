"""A list that only grows at its end."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, final

from ._errors import ModelError
from ._model import ANYTHING, LIST, Call, Function, Model
from ._values import Frozen, clipped, freeze, shown, shown_items, shown_some


@final
class AppendList(Model[tuple[Frozen, ...]]):
    """A list: `append` adds an element at its end, `read` gives the whole.

    >>> AppendList().step((1,), Call("append", 2))
    (1, 2)
    """

    functions = MappingProxyType(
        {
            "append": Function(takes=ANYTHING),
            "read": Function(gives=LIST, pure=True),
        }
    )

    def __init__(self, init: Any = None) -> None:
        if not isinstance(init, list | tuple | None):
            raise ModelError(
                None,
                f"the initial state {init!r}",
                "a list",
                "Leave it out if the list begins empty.",
            )
        self.initial = tuple(map(freeze, init or ()))

    def step(self, state: tuple[Frozen, ...], call: Call) -> tuple[Frozen, ...] | None:
        """Return the state after a call; None if it is illegal in this state."""
        if call.f == "append":
            return (*state, call.input)
        return state if not call.known or state == call.output else None

    def is_pure(self, call: Call) -> bool:
        """Whether a call is a read."""
        return call.f == "read"

    def can_lead(self, state: tuple[Frozen, ...], call: Call) -> bool:
        """Whether the list is a prefix of what a read has seen."""
        return (
            call.f == "append" or not call.known or state == call.output[: len(state)]
        )

    def describe_state(self, state: tuple[Frozen, ...]) -> str:
        """Return the list."""
        return f"[{shown_items(state)}]"

    def refusal(self, state: tuple[Frozen, ...], call: Call) -> str:
        """Return where what was read and the list part."""
        read: tuple[Frozen, ...] = call.output
        place = next(
            (
                at
                for at, pair in enumerate(zip(state, read, strict=False))
                if pair[0] != pair[1]
            ),
            min(len(state), len(read)),
        )
        if place == len(read):
            return f"lacks {shown_some(state[place:])}, at the end of the list"
        needs = f"needs {clipped(shown(read[place]))} at place {place + 1}"
        if place == len(state):
            return f"{needs}, the list ends before that"
        return f"{needs}, the list has {clipped(shown(state[place]))} there"
