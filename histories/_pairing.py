"""Invocations and their completions."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from ._columns import INVOKE, TYPES


if TYPE_CHECKING:
    from ._columns import Columns
    from ._errors import PairingError


NO_COMPLETION = -1


def pair_operations(columns: Columns) -> array[int]:
    """Return, for the position of each invocation, that of its completion.

    It is `NO_COMPLETION` for an invocation that never completed, and for all that
    is no invocation by a client. The columns must be in order. One pass, linear.

    Raises:
        PairingError: A client invokes while its last operation is open, completes
            what it has not invoked, or completes another function.
    """
    completions = array("i", [NO_COMPLETION]) * len(columns)
    functions = columns.f
    running: dict[int, int] = {}
    for position, (type_, process) in enumerate(
        zip(columns.type, columns.process, strict=True)
    ):
        if process < 0:
            continue
        if type_ == INVOKE:
            if process in running:
                raise _second_invocation(columns, running[process], position)
            running[process] = position
        else:
            start = running.pop(process, NO_COMPLETION)
            if start == NO_COMPLETION:
                raise _nothing_invoked(columns, position)
            if functions[start] != functions[position]:
                raise _other_function(columns, start, position)
            completions[start] = position
    return completions


def _second_invocation(columns: Columns, first: int, second: int) -> PairingError:
    return columns.error(
        second,
        f"a second invocation by process {columns.process[second]} "
        f"(index {columns.index[second]}), whose {columns.f_at(first)!r} "
        f"(index {columns.index[first]}) has not completed",
        "one open operation per process",
        "Record a completion (`ok`, `fail`, or `info` if the outcome is unknown), "
        "or let concurrent operations have processes of their own.",
    )


def _nothing_invoked(columns: Columns, position: int) -> PairingError:
    return columns.error(
        position,
        f"{TYPES[columns.type[position]]!r} by process {columns.process[position]} "
        f"(index {columns.index[position]}), which has no open operation",
        "an invocation before each completion",
        "Record an `invoke` when the operation begins; name a process that is no "
        "client, such as a nemesis, by a string.",
    )


def _other_function(columns: Columns, start: int, position: int) -> PairingError:
    return columns.error(
        position,
        f"a completion of {columns.f_at(position)!r} by process "
        f"{columns.process[position]} (index {columns.index[position]}), which had "
        f"invoked {columns.f_at(start)!r} (index {columns.index[start]})",
        "the function that was invoked",
        "Record the same `f` at invocation and completion.",
    )
