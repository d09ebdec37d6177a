"""Threads to the library, and interleavings from it."""

from __future__ import annotations

import ctypes
from array import array
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from . import _abi
from ._search import REASONS, Calls, check, limited, message_buffer


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checkers._verdict import Reason
    from checkers.search._order import Budget
    from checkers.search.polynomial._reads_from import ReadsFrom


NO_READ = 2**64 - 1

Finding: TypeAlias = Literal["yes", "circle", "tried", "unknown"]


class Interleaving(msgspec.Struct, frozen=True, kw_only=True):
    """What was found out about threads.

    Attributes:
        finding: Whether there is an interleaving. If not, whether something has to come
            before itself, or all were tried.
        order: It, or the longest beginning of one behind which nothing could come.
        nodes: Configurations visited.
        derived: If it is a circle, what rules have found, in this order: an operation,
            what it comes before, 0 as it was overwritten or 1 as it was read before,
            and the read that the rule speaks of.
        reason: Why it is `unknown`.
    """

    finding: Finding
    order: array[int]
    nodes: int
    derived: array[int] = array("I")
    reason: Reason | None = None


def interleave_registers(
    library: ctypes.CDLL, graph: ReadsFrom, budget: Budget
) -> Interleaving:
    """Search for one; see `checkers.kernel.interleave_registers`."""
    begins, operations = _flat(graph.threads)
    behind = array("I", [_abi.NONE]) * graph.size
    for i, other in graph.behind.items():
        behind[i] = other
    key = array("I", graph.key)
    source = array("I", (value if value >= 0 else _abi.NONE for value in graph.source))
    derived = array("I")

    def take(_: int, address: int, count: int) -> None:
        derived.frombytes(ctypes.string_at(address, 4 * count))

    native = _abi.RegisterThreads(
        begins=_abi.sliced(begins),
        operations=_abi.sliced(operations),
        key=_abi.sliced(key),
        source=_abi.sliced(source),
        writes=_abi.sliced(graph.writes),
        behind=_abi.sliced(behind),
        key_count=graph.keys(),
        take=_abi.Take(take),
    )
    room = array("I", bytes(4 * graph.size))
    answer = _abi.Answer(order=room.buffer_info()[0], capacity=len(room))
    calls, message = Calls(), message_buffer()
    limits = limited(budget, calls)
    code = library.kernel_registers(native, answer, limits, message, len(message))
    check(code, message, calls)
    return _interleaving(answer, room, derived)


def interleave_counter(
    library: ctypes.CDLL,
    threads: Sequence[Sequence[int]],
    waits: Iterable[tuple[int, int]],
    deltas: Sequence[int],
    reads: Sequence[int | None],
    budget: Budget,
) -> Interleaving:
    """Search for one; see `checkers.kernel.interleave_counter`."""
    begins, operations = _flat(threads)
    pairs = list(waits)
    behind = array("I", (thread for thread, _ in pairs))
    places = array("I", (place for _, place in pairs))
    delta = array("Q", deltas)
    read = array("Q", (NO_READ if value is None else value for value in reads))
    native = _abi.CounterThreads(
        begins=_abi.sliced(begins),
        operations=_abi.sliced(operations),
        waits=_abi.sliced(behind),
        places=_abi.sliced(places),
        delta=_abi.sliced(delta),
        read=_abi.sliced(read),
    )
    room = array("I", bytes(4 * len(delta)))
    answer = _abi.Answer(order=room.buffer_info()[0], capacity=len(room))
    calls, message = Calls(), message_buffer()
    limits = limited(budget, calls)
    code = library.kernel_counter(native, answer, limits, message, len(message))
    check(code, message, calls)
    return _interleaving(answer, room, array("I"))


def _flat(threads: Sequence[Sequence[int]]) -> tuple[array[int], array[int]]:
    begins, operations = array("I", [0]), array("I")
    for thread in threads:
        operations.extend(thread)
        begins.append(len(operations))
    return begins, operations


def _interleaving(
    answer: _abi.Answer, room: array[int], derived: array[int]
) -> Interleaving:
    finding: Finding = "unknown"
    if answer.outcome == _abi.YES:
        finding = "yes"
    elif answer.outcome == _abi.NO:
        finding = "circle" if answer.stop == _abi.CIRCLE else "tried"
    return Interleaving(
        finding=finding,
        order=room[: answer.length],
        nodes=answer.nodes,
        derived=derived,
        reason=REASONS.get(answer.stop) if finding == "unknown" else None,
    )
