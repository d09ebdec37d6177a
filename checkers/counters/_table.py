"""The operations of a counter in columns, as its checks want them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import accumulate
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from checkers._unfit import UnfitError
from checkers._verdict import Reason
from checkers._wording import cite, kind_of, location, shown


if TYPE_CHECKING:
    from collections.abc import Mapping

    from histories import History, Operation


NOTHING: Mapping[int, Any] = MappingProxyType({})


class Adds:
    """Adds that did not definitely fail, in the order of their invocations.

    Attributes:
        start: Index of each invocation.
        end: Index of each acknowledgement; -1 for indeterminate adds.
        end_time: Time of each acknowledgement, in ns; -1 likewise.
        process: The process of each.
        delta: What each adds.
        acknowledged: Positions of the acknowledged ones, in the order in which they
            were acknowledged.
        acknowledged_end: The same as `end`, in that order.
        last_time: When the last acknowledgement came, in ns.
        settled: Positions of those that count as acknowledged at some time, in that
            order: besides the acknowledged ones those of which the journal says so.
        settled_end: From which index on each does, in that order.
        failed_start: Index of the invocation of each definitely failed add.
        failed_delta: What each of those would have added.
    """

    def __init__(self) -> None:
        self.start = array("q")
        self.end = array("q")
        self.end_time = array("q")
        self.process = array("q")
        self.delta: list[int] = []
        self.acknowledged: list[int] = []
        self.acknowledged_end = array("q")
        self.last_time = 0
        self.settled: list[int] = []
        self.settled_end = array("q")
        self._counted: dict[int, int] = {}
        self.failed_start = array("q")
        self.failed_delta: list[int] = []

    def put(self, operation: Operation, counted: int | None = None) -> None:
        """Take one more add, in the order of invocations.

        Args:
            operation: The add.
            counted: From which index on an indeterminate one counts as acknowledged.
        """
        if operation.status == "fail":
            self.failed_start.append(operation.start)
            self.failed_delta.append(operation.input)
            return
        self.start.append(operation.start)
        self.delta.append(operation.input)
        self.process.append(operation.process)
        if operation.status == "ok" and operation.end is not None:
            self.end.append(operation.end)
            self.end_time.append(operation.end_time or 0)
            self.last_time = max(self.last_time, operation.end_time or 0)
        else:
            if counted is not None:
                self._counted[len(self.end)] = counted
            self.end.append(-1)
            self.end_time.append(-1)

    def seal(self) -> None:
        """Sort what has to be sorted, once all adds are here."""
        end = self.end
        self.acknowledged = sorted(
            (row for row in range(len(end)) if end[row] >= 0), key=end.__getitem__
        )
        self.acknowledged_end = array("q", (end[row] for row in self.acknowledged))
        counted = self._counted
        self.settled = sorted(
            [*self.acknowledged, *counted], key=lambda row: counted.get(row, end[row])
        )
        self.settled_end = array(
            "q", (counted.get(row, end[row]) for row in self.settled)
        )


class Reads:
    """Reads that returned an integer, in the order of their invocations.

    Attributes:
        start: Index of each invocation.
        end: Index of each completion.
        end_time: Time of each completion, in ns.
        value: What each returned.
        place: The node of each; its process where the node was not recorded.
        process: The process of each.
        own: The sum that the same process had added, acknowledged, before each.
        final: Positions of the final reads.
    """

    def __init__(self) -> None:
        self.start = array("q")
        self.end = array("q")
        self.end_time = array("q")
        self.value: list[int] = []
        self.place: list[str] = []
        self.process = array("q")
        self.own: list[int] = []
        self.final: list[int] = []

    def put(self, operation: Operation, own: int) -> None:
        """Take one more read, in the order of invocations."""
        assert operation.end is not None, "an ok read has completed"
        if operation.final:
            self.final.append(len(self.value))
        self.start.append(operation.start)
        self.end.append(operation.end)
        self.end_time.append(operation.end_time or operation.start_time)
        self.value.append(operation.output)
        self.place.append(location(operation.node, operation.process))
        self.process.append(operation.process)
        self.own.append(own)


class CounterTable:
    """All that a counter's history says.

    Attributes:
        adds: The adds.
        reads: The reads that returned an integer.
        ill_typed: Indices of reads that returned something else.
        answered: Places with an ok final read, of whatever value.
    """

    def __init__(self) -> None:
        self.adds = Adds()
        self.reads = Reads()
        self.ill_typed: list[int] = []
        self.answered: set[str] = set()


def tabulate(
    history: History,
    *,
    grow_only: bool,
    counted: Mapping[int, tuple[int, int]] = NOTHING,
) -> CounterTable:
    """Return the history in columns. Linear, but for one sort.

    Args:
        history: The history.
        grow_only: Whether nothing may be subtracted.
        counted: Index and time of the event from which on indeterminate adds count as
            acknowledged.

    Raises:
        UnfitError: An operation is none of a counter.
    """
    table = CounterTable()
    own: dict[int, int] = {}
    for operation in history.operations():
        if operation.f == "add":
            if type(operation.input) is not int or (grow_only and operation.input < 0):
                if operation.status == "fail":
                    continue
                raise _unfit_delta(operation)
            known = counted.get(operation.index)
            table.adds.put(operation, None if known is None else known[0])
            if operation.status == "ok":
                process = operation.process
                own[process] = own.get(process, 0) + operation.input
        elif operation.f != "read":
            raise UnfitError(
                Reason.UNSUPPORTED,
                f"{cite(operation)} is neither an add nor a read, the operations of "
                f"a counter.",
            )
        elif operation.status == "ok":
            if operation.final:
                table.answered.add(location(operation.node, operation.process))
            if type(operation.output) is int:
                table.reads.put(operation, own.get(operation.process, 0))
            else:
                table.ill_typed.append(operation.index)
    table.adds.seal()
    return table


def _unfit_delta(operation: Operation) -> UnfitError:
    delta: Any = operation.input
    if type(delta) is int:
        return UnfitError(
            Reason.UNSUPPORTED,
            f"{cite(operation)} adds {delta} to a counter that only grows: check the "
            f"history as one of a pn-counter.",
        )
    return UnfitError(
        Reason.MALFORMED,
        f"{cite(operation)} adds {shown(delta)}, {kind_of(delta)}: what is added to a "
        f"counter has to be an integer.",
    )


class Bounds:
    """Sums of deltas before a given index, in logarithmic time."""

    def __init__(self, adds: Adds) -> None:
        self._start = adds.start
        self._end = adds.acknowledged_end
        self._gains = _running(max(delta, 0) for delta in adds.delta)
        self._losses = _running(min(delta, 0) for delta in adds.delta)
        acknowledged = [adds.delta[row] for row in adds.acknowledged]
        self._acknowledged_gains = _running(max(delta, 0) for delta in acknowledged)
        self._acknowledged_losses = _running(min(delta, 0) for delta in acknowledged)

    def fresh(self, start: int, end: int) -> tuple[int, int]:
        """Return the least and the greatest value of a read that misses nothing.

        Adds acknowledged before it began are in the value, those that were open while
        it ran may be, and later ones are not.
        """
        invoked = bisect_left(self._start, end)
        acknowledged = bisect_left(self._end, start)
        return (
            self._acknowledged_gains[acknowledged] + self._losses[invoked],
            self._gains[invoked] + self._acknowledged_losses[acknowledged],
        )


def _running(numbers: Any) -> list[int]:
    return list(accumulate(numbers, initial=0))
