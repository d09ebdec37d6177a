"""What a journal says: of each operation what became of it, of each node what it knew."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import msgspec


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from histories import OperationColumns

    from ._knowledge import Log


INFO = 2
"""The code of indeterminate operations in `OperationColumns.status`."""

ACCEPTED, REFUSED, UNDECIDED = 1, 2, 4
"""What replies to a request have said, as flags: ok, a definite error, anything else."""


NOBODY: Mapping[int, str] = MappingProxyType({})


class Path(msgspec.Struct, frozen=True):
    """How an update could first have reached a node.

    Attributes:
        time: When, in ns since the start of the run.
        source: Who sent the message that could have carried it; None if the node was
            asked for the update itself.
    """

    time: int
    source: str | None


class Reply(msgspec.Struct, frozen=True):
    """What was sent in reply to a request, whether or not it arrived.

    Attributes:
        time: When the first one was, in ns since the start of the run.
        node: Who sent that one.
        says: `ok` (took effect), `fail` (a definite error: it did not), `info` (an
            error that leaves it open, a reply that is none, or several that
            contradict each other).
    """

    time: int
    node: str
    says: Literal["ok", "fail", "info"]


class Exchanges:
    """What passed between clients and nodes: columns, a row for each operation.

    Attributes:
        delivered: When the request was handed to a node, in ns; -1 if it never was.
        replied: When the first reply was sent, in ns; -1 if none was.
        said: What the replies said, as flags.
        replier: The number of the node that sent that first reply.
        length: How long the log of that node was then.
        before: How many messages that no client sent had come to the node when the
            request was handed to it.
        after: How many when it sent that first reply.
        names: Names of those who replied, by number.
    """

    __slots__ = (
        "_numbers",
        "after",
        "before",
        "delivered",
        "length",
        "names",
        "replied",
        "replier",
        "said",
    )

    def __init__(self, rows: int) -> None:
        self.delivered = array("q", [-1]) * rows
        self.replied = array("q", [-1]) * rows
        self.said = bytearray(rows)
        self.replier = array("i", [-1]) * rows
        self.length = array("i", [0]) * rows
        self.before = array("q", [-1]) * rows
        self.after = array("q", [-1]) * rows
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}

    def reply(
        self, row: int, *, name: str, time: int, length: int, says: int, heard: int
    ) -> None:
        """Take a reply; the first one counts, but for what was said."""
        self.said[row] |= says
        if self.replied[row] >= 0:
            return
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = len(self.names)
            self.names.append(name)
        self.replied[row] = time
        self.replier[row] = number
        self.length[row] = length
        self.after[row] = heard


class Evidence:
    """What the journal of a run says beyond its history.

    Operations go by the index of their invocation, updates by their number: the k-th
    invocation of an update is number k, from 0, and bit k of a set.

    Attributes:
        updates: The indices of all updates, by their numbers.
        indeterminate: The indices of the operations that are `info`.
        counts: How many messages were sent, delivered and dropped, to tell a journal
            that is not whole.
        limits: What was given up because it would have been too much, a sentence each.
        exchanges: What passed between clients and nodes.
        logs: What each node could know, by its name; None if that was given up.
        gone: The indices of the updates that nobody can have any more, since the last
            who could has lost his disk; and the nodes that had been asked for them.
        in_doubt: Likewise those that others could have, since a message came to them
            before the disk was lost; it may have carried them or not.
    """

    def __init__(
        self,
        *,
        operations: OperationColumns,
        updates: Sequence[int],
        exchanges: Exchanges,
        logs: Mapping[str, Log] | None,
        counts: tuple[int, int, int],
        limits: tuple[str, ...],
        gone: Mapping[int, str] = NOBODY,
        in_doubt: Mapping[int, str] = NOBODY,
    ) -> None:
        """Take possession of what the pass has found; `gather` is the public way."""
        self.updates = array("q", (operations.index[row] for row in updates))
        self.indeterminate = array(
            "q",
            (
                index
                for index, status in zip(
                    operations.index, operations.status, strict=True
                )
                if status == INFO
            ),
        )
        self.counts = counts
        self.limits = limits
        self.gone, self.in_doubt = (
            {self.updates[number]: node for number, node in sorted(found.items())}
            for found in (gone, in_doubt)
        )
        self._index = operations.index
        self.exchanges = exchanges
        self.logs = logs

    @property
    def knows(self) -> bool:
        """Whether it is known what nodes could know."""
        return self.logs is not None

    def delivered(self, index: int) -> int | None:
        """Return when the request of an operation was handed to a node, or None.

        In ns since the start of the run. One that is None had no effect.
        """
        time = self.exchanges.delivered[self._row(index)]
        return time if time >= 0 else None

    def reply(self, index: int) -> Reply | None:
        """Return what was sent in reply to an operation, even if too late."""
        exchanges, row = self.exchanges, self._row(index)
        if exchanges.replied[row] < 0:
            return None
        return Reply(
            time=exchanges.replied[row],
            node=exchanges.names[exchanges.replier[row]],
            says=_says(exchanges.said[row]),
        )

    def up(self, index: int) -> int | None:
        """Return the updates that could have influenced the reply to an operation.

        A set of updates as bits; None without a reply, or where knowledge was given up.
        """
        known = self.known(index)
        if known is None or self.logs is None:
            return None
        node, length = known
        return self.logs[node].bits(length)

    def known(self, index: int) -> tuple[str, int] | None:
        """Return who replied to an operation, and how many updates they could know.

        These are the first so many of `learnt`.
        """
        exchanges, row = self.exchanges, self._row(index)
        if exchanges.replied[row] < 0 or self.logs is None:
            return None
        node = exchanges.names[exchanges.replier[row]]
        return (node, exchanges.length[row]) if node in self.logs else None

    def undisturbed(self, first: int, last: int) -> bool:
        """Return whether only clients spoke to a node between two operations.

        That is from when the request of the first was handed to it until it replied to
        the last. False where that is not known, or two nodes replied.
        """
        exchanges, row, end = self.exchanges, self._row(first), self._row(last)
        return (
            exchanges.replier[row] == exchanges.replier[end] >= 0
            and exchanges.before[row] == exchanges.after[end] >= 0
        )

    def learnt(self, node: str) -> Sequence[int]:
        """Return the numbers of the updates that a node could know, in order."""
        log = self.logs.get(node) if self.logs is not None else None
        return log.order if log is not None else ()

    def number(self, update: int) -> int:
        """Return the number of an update.

        Raises:
            KeyError: There is no update of this index.
        """
        number = bisect_left(self.updates, update)
        if number == len(self.updates) or self.updates[number] != update:
            raise KeyError(update)
        return number

    def path(self, update: int, node: str) -> Path | None:
        """Return how an update could first have reached a node, or None."""
        log = self.logs.get(node) if self.logs is not None else None
        rank = -1 if log is None else log.rank(self.number(update))
        if log is None or rank < 0:
            return None
        return Path(*log.origin(rank))

    def could_show(self, update: int, operation: int) -> bool | None:
        """Return whether an update could have influenced the reply to an operation.

        None without a reply, or where knowledge was given up.
        """
        known = self.known(operation)
        if known is None or self.logs is None:
            return None
        node, length = known
        return 0 <= self.logs[node].rank(self.number(update)) < length

    def _row(self, index: int) -> int:
        row = bisect_left(self._index, index)
        if row == len(self._index) or self._index[row] != index:
            raise KeyError(index)
        return row


def _says(said: int) -> Literal["ok", "fail", "info"]:
    """Return what all replies to a request say together; see `Reply`."""
    if said & ACCEPTED and not said & REFUSED:
        return "ok"
    return "fail" if said == REFUSED else "info"
