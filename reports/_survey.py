"""One pass over the operations of a history: what all sections of a report need.

A report never walks the history twice, and keeps of a long one only numbers and an
even sample of its operations. Operations that an anomaly cites are always kept.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import msgspec


if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from histories import Operation, Status


STATUSES: tuple[Status, ...] = ("ok", "fail", "info")


class Tally(msgspec.Struct):
    """Operations by status."""

    ok: int = 0
    fail: int = 0
    info: int = 0

    @property
    def total(self) -> int:
        """Operations of whatever status."""
        return self.ok + self.fail + self.info

    def add(self, status: Status) -> None:
        """Count one operation."""
        if status == "ok":
            self.ok += 1
        elif status == "fail":
            self.fail += 1
        else:
            self.info += 1


class Lifetime(msgspec.Struct):
    """When a process was busy first and last, and with which node."""

    start: int
    end: int
    node: str | None


class Survey(msgspec.Struct, kw_only=True):
    """What one pass over the operations tells.

    Attributes:
        tally: All operations by status.
        by_f: The same for each function, by first appearance.
        by_node: The same for each node; operations without a node are left out.
        starts: Invocation time of every operation in ns.
        durations: Its latency in ns; -1 where there is no completion.
        statuses: Its position in `STATUSES`.
        processes: When each process was busy.
        finals: Result of the last acknowledged final read of each node.
        cited: The operations that were asked for, by index.
        sample: The operations that the page shows, in order.
        stride: The sample has each of this many operations; 1 is all.
        end: Time of the last completion or invocation.
    """

    tally: Tally = msgspec.field(default_factory=Tally)
    by_f: dict[str, Tally] = msgspec.field(default_factory=dict)
    by_node: dict[str, Tally] = msgspec.field(default_factory=dict)
    starts: array[int] = msgspec.field(default_factory=lambda: array("q"))
    durations: array[int] = msgspec.field(default_factory=lambda: array("q"))
    statuses: bytearray = msgspec.field(default_factory=bytearray)
    processes: dict[int, Lifetime] = msgspec.field(default_factory=dict)
    finals: dict[str, Any] = msgspec.field(default_factory=dict)
    cited: dict[int, Operation] = msgspec.field(default_factory=dict)
    sample: list[Operation] = msgspec.field(default_factory=list)
    stride: int = 1
    end: int = 0


def survey(
    operations: Iterable[Operation],
    *,
    cited: Collection[int] = (),
    expected: int = 0,
    limit: int = 200_000,
) -> Survey:
    """Return what the operations come to.

    Args:
        operations: Operations in the order of invocation.
        cited: Indices of operations to keep, whatever the sample.
        expected: About how many operations there are; decides the sample.
        limit: How many operations the sample may have besides the cited ones.
    """
    result = Survey(stride=max(1, -(-expected // limit)))
    for ordinal, operation in enumerate(operations):
        _count(result, operation)
        if operation.index in cited:
            result.cited[operation.index] = operation
            result.sample.append(operation)
        elif ordinal % result.stride == 0:
            result.sample.append(operation)
    return result


def _count(result: Survey, operation: Operation) -> None:
    status, node = operation.status, operation.node
    # Histories without a clock have -1 for every time.
    start, end = max(operation.start_time, 0), operation.end_time
    last = start if end is None else end
    result.tally.add(status)
    result.by_f.setdefault(operation.f, Tally()).add(status)
    if node is not None:
        result.by_node.setdefault(node, Tally()).add(status)
        if operation.final and status == "ok":
            result.finals[node] = operation.output
    result.starts.append(start)
    result.durations.append(-1 if end is None else max(end - start, 0))
    result.statuses.append(STATUSES.index(status))
    process = result.processes.get(operation.process)
    if process is None:
        result.processes[operation.process] = Lifetime(start, last, node)
    else:
        process.end = max(process.end, last)
    result.end = max(result.end, last)
