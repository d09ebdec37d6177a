"""Registers to the library, all that they need in one call.

A history of a hundred operations takes the library some microseconds, so here it counts
what Python takes: structs are packed at once, and what is called back is made once.
"""

from __future__ import annotations

import ctypes
import struct
from array import array
from typing import TYPE_CHECKING

from checkers.search._order import Answer, Budget

from . import _abi
from ._search import REASONS, Calls, check, message_buffer


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.search import Problem


# As the structures of these names in `_abi`.
PROBLEM = struct.Struct("@" + 10 * "PN" + "PP")
LIMITS = struct.Struct("@QQQIIPPP")
ANSWER = struct.Struct("@PNNQIIIIQ")

LEAST_ROOM = 3
"""Operations that an answer has room for at least, to show what had been overwritten."""

NO_KIND = ctypes.c_char()

METHODS = {_abi.BY_UNIQUE: "zones", _abi.BY_OVERWRITTEN: "overwritten"}

NOTHING_ASKED = Budget()

NO_DEADLINE_NS = 2**63

_MESSAGE = message_buffer()
"""Room for what the library has to say. Threads that fail at once share it."""


class _Asker:
    """Asks a budget on behalf of the library, one call after the other.

    Attributes:
        calls: Keeps what was raised.
        address: Of the function that the library calls back.
        budget: What it is to ask.
    """

    def __init__(self) -> None:
        self.calls = Calls()
        self.budget = NOTHING_ASKED
        self._poll = _abi.Poll(self.calls.poll(self._is_over))
        self.address = ctypes.cast(self._poll, ctypes.c_void_p).value

    def _is_over(self) -> bool:
        return self.budget.is_over()


_idle: list[_Asker] = []
"""Those that are not at work: to make one takes longer than a short history."""


def decide_registers(
    library: ctypes.CDLL,
    problems: Sequence[Problem],
    budget: Budget,
    easy: int,
    threads: int,
) -> list[Answer]:
    """Decide registers in real time; see `checkers.kernel.decide_registers`."""
    packed, alive, rooms = [], [], []
    answers = bytearray()
    for problem in problems:
        one, kept = _packed(problem)
        packed.append(one)
        alive.append(kept)
        room = array("I", bytes(4 * max(len(problem.calls), LEAST_ROOM)))
        rooms.append(room)
        answers += ANSWER.pack(*room.buffer_info(), 0, 0, 0, 0, 0, 0, 0)
    try:
        asker = _idle.pop()
    except IndexError:
        asker = _Asker()
    asker.budget = budget
    limits = LIMITS.pack(
        min(budget.nodes, 2**64 - 1),
        min(budget.entries, 2**64 - 1),
        NO_DEADLINE_NS,
        0,
        threads,
        0,
        asker.address,
        0,
    )
    code = library.kernel_decide(
        b"".join(packed),
        (ctypes.c_char * len(answers)).from_buffer(answers),
        len(rooms),
        limits,
        easy,
        _MESSAGE,
        _abi.MESSAGE_BYTES,
    )
    check(code, _MESSAGE, asker.calls)
    asker.budget = NOTHING_ASKED
    _idle.append(asker)
    return [
        _read(room, fields)
        for room, fields in zip(rooms, ANSWER.iter_unpack(answers), strict=True)
    ]


def _packed(problem: Problem) -> tuple[bytes, object]:
    """Return a problem in the form of the library, and what has to be kept alive."""
    view = problem.register
    assert view is not None, "the caller asks about registers only"
    calls = problem.calls.buffer_info()
    kinds = ctypes.c_char.from_buffer(view.kind) if view.kind else NO_KIND
    packed = PROBLEM.pack(
        *calls,
        *calls,
        *problem.returns.buffer_info(),
        0,
        0,
        *problem.classes.buffer_info(),
        ctypes.addressof(kinds),
        len(view.kind),
        *view.a.buffer_info(),
        *view.b.buffer_info(),
        *(0, 0, 0, 0, 0, 0),
    )
    return packed, kinds


def _read(room: array[int], fields: tuple[int, ...]) -> Answer:
    """Return an answer that the library has filled in."""
    _, _, length, nodes, state, outcome, stop, stuck, unreturned = fields
    order = room[:length]
    if outcome == _abi.YES:
        return Answer(
            outcome="yes",
            order=order,
            state=state,
            nodes=nodes,
            method=METHODS.get(stop, "search"),
        )
    if stop in METHODS:
        shown = [-1 if i == _abi.NONE else i for i in order]
        return Answer(
            outcome="no", method=METHODS[stop], explanation={"operations": shown}
        )
    return Answer(
        outcome="no" if outcome == _abi.NO else "unknown",
        prefix=order,
        state=state,
        nodes=nodes,
        reason=REASONS.get(stop),
        explanation={
            "stuck": None if stuck == _abi.NONE else stuck,
            "open": unreturned,
        },
    )
