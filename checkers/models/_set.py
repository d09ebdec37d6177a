"""Sets."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, final

from ._errors import ModelError
from ._model import ANYTHING, LIST, TRUTH, Call, Function, Model
from ._values import (
    FALSE,
    TRUE,
    Boolean,
    Frozen,
    clipped,
    freeze,
    shown,
    shown_items,
    shown_some,
)


ADDING = frozenset({"add", "broadcast"})
"""Functions that add an element."""

_CHANGE = Function(takes=ANYTHING, gives=TRUTH, vague=True, idle=(FALSE,))


@final
class Set(Model[frozenset[Frozen]]):
    """A set: `add` and `remove` an element, `contains` asks for one, `read` gives all.

    To `broadcast` an element is to add it.

    An `add` or `remove` may say, by true or false, whether it changed the set; of an
    element that is itself true or false, that would be unclear and says nothing. A
    `read` gives a list in any order, in which duplicates count once. Where nothing
    reads the whole, elements are sets of their own.

    >>> Set().step(frozenset({1}), Call("add", 1, FALSE))
    frozenset({1})
    """

    functions = MappingProxyType(
        {
            "add": _CHANGE,
            "broadcast": _CHANGE,
            "remove": _CHANGE,
            "contains": Function(takes=ANYTHING, gives=TRUTH, pure=True),
            "read": Function(gives=LIST, pure=True),
        }
    )

    def __init__(self, init: Any = None) -> None:
        if not isinstance(init, list | tuple | None):
            raise ModelError(
                None,
                f"the initial state {init!r}",
                "a list of elements",
                "Leave it out if the set begins empty.",
            )
        self.initial = frozenset(map(freeze, init or ()))

    def step(self, state: frozenset[Frozen], call: Call) -> frozenset[Frozen] | None:
        """Return the state after a call; None if it is illegal in this state."""
        if call.f == "read":
            same = not call.known or (
                len(state) == len(call.output) and state.issuperset(call.output)
            )
            return state if same else None
        present = call.input in state
        if call.f == "contains":
            expected = TRUE if present else FALSE
            return state if not call.known or call.output == expected else None
        changes = present is (call.f == "remove")
        if call.known and call.output == (FALSE if changes else TRUE):
            return None
        if not changes:
            return state
        return state - {call.input} if present else state | {call.input}

    def is_pure(self, call: Call) -> bool:
        """Whether a call asks, or is known to have changed nothing."""
        return call.f in {"read", "contains"} or (call.known and call.output == FALSE)

    def prepare(self, call: Call, *, nil_is_value: bool) -> Call | None:  # noqa: ARG002 # as in Model
        """Return a call whose output, if it is a list, is in one order, each once."""
        if call.f == "read" and call.known:
            return Call("read", None, _each_once(call.output))
        if call.f not in {"read", "contains"} and type(call.input) is Boolean:
            return Call(call.f, call.input, None, known=False)
        return call

    def partition(self, call: Call) -> tuple[Frozen, Call] | None:
        """Return the element that a call is about."""
        return None if call.f == "read" else (call.input, call)

    def describe(self, call: Call) -> str:
        """Return a call in a few words."""
        if call.f not in {"read", "contains"} and not call.known:
            return f"{call.f} {shown(call.input)}"
        return super().describe(call)

    def describe_state(self, state: frozenset[Frozen]) -> str:
        """Return the elements."""
        return "{" + shown_items(sorted(state, key=_rank)) + "}"

    def refusal(self, state: frozenset[Frozen], call: Call) -> str:
        """Return what a call needs to be in the set, or not to be."""
        if call.f != "read":
            there = "is" if call.input in state else "is not"
            return f"{clipped(shown(call.input))} {there} in the set"
        beyond = sorted(state.difference(call.output), key=_rank)
        missing = [element for element in call.output if element not in state]
        clauses = []
        if missing:
            clauses.append(f"needs {shown_some(missing)}, which is not in the set")
        if beyond:
            which = "which is" if missing else "which is in the set"
            clauses.append(f"lacks {shown_some(beyond)}, {which}")
        return ", and ".join(clauses)


def _each_once(elements: tuple[Frozen, ...]) -> tuple[Frozen, ...]:
    """Return elements in an order that is the same for all with the same ones."""
    news = set(elements)
    if {int}.issuperset(map(type, news)):
        return tuple(sorted(news))  # type: ignore[type-var] # integers, all of them
    return tuple(sorted(news, key=shown))


def _rank(element: Frozen) -> tuple[int, int, str]:
    """Return where an element stands among others in a text: integers by size."""
    text = shown(element)
    return (0, element, text) if isinstance(element, int) else (1, 0, text)
