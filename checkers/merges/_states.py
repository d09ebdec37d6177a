"""What an operation hands over and gets back, to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard

import msgspec

from checkers._unfit import UnfitError
from checkers._verdict import Reason
from checkers._wording import cite, listed, shown


if TYPE_CHECKING:
    from histories import Operation


State: TypeAlias = "dict[str, int]"
Key: TypeAlias = "frozenset[tuple[str, int]]"
"""A state to compare: without zeros, which mean the same as nothing."""

GIVEN = {
    "verify": ("state_a", "state_b"),
    "verify-three": ("state_a", "state_b", "state_c"),
}
"""The states that operations hand over."""

MERGES = ("merge_ab", "merge_ba")

_NOT_SUPPORTED = "not-supported"
"""The error of a request of a type that the node does not know."""


class Call(msgspec.Struct, frozen=True):
    """An operation whose merges can be judged.

    Attributes:
        operation: The operation.
        given: The states that it merged, and the third, to compare.
        merges: What came out in either order, to compare.
    """

    operation: Operation
    given: tuple[Key, ...]
    merges: tuple[Key, Key]


def given_states(operation: Operation) -> list[State]:
    """Return the states that an operation hands over.

    Raises:
        UnfitError: It is none of this data type.
    """
    names = GIVEN.get(operation.f)
    if names is None:
        raise UnfitError(
            Reason.UNSUPPORTED,
            f"{cite(operation)} is none of {listed(GIVEN)}, the only operations here.",
        )
    value = operation.input if isinstance(operation.input, dict) else {}
    states: list[State] = []
    for name in names:
        state = value.get(name)
        if not is_counts(state) or min(state.values(), default=0) < 0:
            raise UnfitError(
                Reason.MALFORMED,
                f"{cite(operation)} has {shown(state)} for {name}, which is no object "
                f"of counts.",
            )
        states.append(state)
    return states


def is_counts(value: Any) -> TypeGuard[State]:
    """Return whether a value can be a state, or a merge that may be wrong."""
    return isinstance(value, dict) and all(type(n) is int for n in value.values())


def is_unknown(operation: Operation) -> bool:
    """Return whether the node said that it does not know the request."""
    error = operation.error
    return isinstance(error, list) and error[:1] == [_NOT_SUPPORTED]


def key_of_state(state: State) -> Key:
    """Return what a state is compared by."""
    return frozenset(item for item in state.items() if item[1])
