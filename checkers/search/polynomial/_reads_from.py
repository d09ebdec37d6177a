"""Several registers with unique values: threads of operations, and who reads from whom.

The joint form of several keys is one problem (`problems(..., partition=False)`): it has
the program order across keys, which sequential consistency needs.

A *thread* is a sequence of operations that take effect in this order: what a process
did. An open operation precedes nothing, so it is a thread of its own, behind what its
process did before, unless it is the last one anyway.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from checkers.search._problem import (
    KIND_CAS,
    KIND_FAILED_CAS,
    KIND_READ,
    KIND_WRITE,
    OPEN,
)

from ._writers import NOBODY, never_written, registers_of, writers_of


if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkers.search._order import Answer
    from checkers.search._problem import Problem

    from ._writers import Registers, Writers


class ReadsFrom(NamedTuple):
    """Operations that took effect, as threads.

    A value is named after the operation that wrote it; the initial value of key `k`
    has the number `size + k`, behind all operations.

    Attributes:
        size: The number of operations of the problem.
        threads: Operations, by thread.
        thread: By operation: its thread; -1 if it is left out.
        place: By operation: where it is in the thread.
        behind: By operation that begins a thread: the operation, of another thread,
            that it must come behind, if there is one.
        key: By operation: its key.
        source: By operation: the value that it sees; -1 if it sees none.
        writes: By operation: whether it writes.
        readers: By value: the operations that see it.
        is_open: By operation: whether it never returned.
        failed: The failed cas operations.
    """

    size: int
    threads: list[list[int]]
    thread: list[int]
    place: list[int]
    behind: dict[int, int]
    key: list[int]
    source: list[int]
    writes: bytearray
    readers: list[list[int]]
    is_open: bytes
    failed: list[int]

    def predecessor(self, i: int) -> int:
        """Return the operation that comes directly before one in its process, or -1."""
        if self.place[i]:
            return self.threads[self.thread[i]][self.place[i] - 1]
        return self.behind.get(i, NOBODY)

    def with_causes(self, operations: Iterable[int]) -> list[int]:
        """Return operations, and behind them why they saw what they did.

        That are the writes that they read, and what has seen a write that did not
        return, so that it took effect.
        """
        found: dict[int, None] = {}
        waiting = deque(operations)
        while waiting:
            i = waiting.popleft()
            if not 0 <= i < self.size or i in found:
                continue
            found[i] = None
            waiting.append(self.source[i])
            if self.is_open[i]:
                waiting.append(min(self.readers[i], key=self.is_open.__getitem__))
        return list(found)

    def keys(self) -> int:
        """Return the number of keys."""
        return len(self.readers) - self.size


def reads_from(problem: Problem, method: str) -> ReadsFrom | Answer | None:
    """Return the operations as threads; None if a value that was seen is not unique.

    None too if the problem is not about registers; a no if a value was seen that nobody
    wrote. Linear.
    """
    registers = registers_of(problem)
    if registers is None:
        return None
    found = writers_of(problem, registers)
    if found is None:
        return None
    wrong = never_written(problem, registers, found, method)
    if wrong:
        return wrong
    count = len(problem)
    graph = ReadsFrom(
        size=count,
        threads=[],
        thread=[NOBODY] * count,
        place=[0] * count,
        behind={},
        key=[registers.key[cls] for cls in problem.classes],
        source=[NOBODY] * count,
        writes=bytearray(count),
        readers=[[] for _ in range(count + len(registers.first))],
        is_open=bytes(end == OPEN for end in problem.returns),
        failed=found.failed,
    )
    _fill(problem, registers, found, graph)
    return graph


def _fill(
    problem: Problem, registers: Registers, found: Writers, graph: ReadsFrom
) -> None:
    """Add the operations to their threads. A hot loop, and whole for that."""
    last_of = dict(zip(problem.processes, range(len(problem)), strict=True))
    thread_of: dict[int, int] = {}
    for i, (cls, process, end) in enumerate(
        zip(problem.classes, problem.processes, problem.returns, strict=True)
    ):
        kind, sees, sets = registers.kind[cls], registers.sees[cls], registers.sets[cls]
        if kind == KIND_FAILED_CAS:
            continue
        if kind == KIND_READ or (kind == KIND_CAS and sees == sets):
            graph.source[i] = found.writer[sees]
        else:
            if end == OPEN and not found.seen[sees if kind == KIND_WRITE else sets]:
                continue
            graph.writes[i] = True
            if kind == KIND_CAS:
                graph.source[i] = found.writer[sees]
        if graph.source[i] != NOBODY:
            graph.readers[graph.source[i]].append(i)
        number = thread_of.get(process)
        goes_on = end == OPEN and last_of[process] != i
        if goes_on and number is not None:
            graph.behind[i] = graph.threads[number][-1]
        if goes_on or number is None:
            number = len(graph.threads)
            graph.threads.append([])
            if not goes_on:
                thread_of[process] = number
        graph.thread[i], graph.place[i] = number, len(graph.threads[number])
        graph.threads[number].append(i)
