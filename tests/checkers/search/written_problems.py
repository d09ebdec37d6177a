"""Problems written down by hand: one line an operation."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from checkers.search import NEVER, OPEN, Problem, RegisterView

from .drawn_problems import RegisterTable


if TYPE_CHECKING:
    from collections.abc import Sequence


KINDS = {"read": 0, "write": 1, "cas": 2, "failed-cas": 3}

Deed = tuple[str, int] | tuple[str, int, int]


def register_problem(
    *operations: tuple[int, int | None, Deed],
    processes: Sequence[int] | None = None,
    times: Sequence[int] | None = None,
) -> Problem:
    """Return a problem of a register with the first value 0.

    Args:
        operations: Call, return or None, and what is done, such as `("cas", 1, 2)`.
            Calls and returns are any distinct integers; calls ascend.
        processes: By operation; by default, each has one of its own.
        times: By event; by default, the events' own numbers.
    """
    events = sorted(
        event
        for call, end, _ in operations
        for event in (call, end)
        if event is not None
    )
    position = {event: at for at, event in enumerate(events)}
    numbers: dict[tuple[int, int, int], int] = {}
    classes = [
        numbers.setdefault((KINDS[f], a, rest[0] if rest else 0), len(numbers))
        for _, _, (f, a, *rest) in operations
    ]
    highest = max((max(a, b) for _, a, b in numbers), default=0)
    view = RegisterView(
        bytearray(kind for kind, _, _ in numbers),
        array("i", [a for _, a, _ in numbers]),
        array("i", [b for _, _, b in numbers]),
        list(range(highest + 1)),
    )
    times = times or events
    calls = [position[call] for call, _, _ in operations]
    returns = [OPEN if end is None else position[end] for _, end, _ in operations]
    return Problem(
        key=None,
        operations=array("q", range(len(operations))),
        calls=array("I", calls),
        returns=array("I", returns),
        call_times=array("q", [times[call] for call in calls]),
        return_times=array(
            "q", [NEVER if end == OPEN else times[end] for end in returns]
        ),
        processes=array("I", processes or range(len(operations))),
        classes=array("I", classes),
        automaton=RegisterTable(view),
        register=view,
    )
