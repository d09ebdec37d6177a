"""Which request in the journal is which operation of the history.

The client of process p is named `c{p}` and has one request at a time, so that its k-th
request is the k-th operation of the process. Clients that set nodes up, `c-setup…`, are
no processes.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import msgspec


if TYPE_CHECKING:
    from collections.abc import Collection

    from histories import Message, OperationColumns

    from ._knowledge import Log


SETUP = "c-setup"
"""How the names of clients begin that are no process of a history."""


class MismatchError(Exception):
    """A journal that is not, or not all of, that of the history; says how."""


class _Request(msgspec.Struct):
    type: Any = None
    msg_id: Any = None


_decode = msgspec.json.Decoder(_Request).decode


class Asked(msgspec.Struct, frozen=True, gc=False):
    """An operation that its client has asked a node for.

    Attributes:
        row: Its row among the operations.
        type: The type of its request.
        msg_id: The number of its request.
    """

    row: int
    type: str
    msg_id: Any


class Client:
    """The client of one process.

    Attributes:
        rows: The operations of its process.
        sent: How many of them have been sent.
        open: Those whose replies still matter, by `msg_id`.
        context: What it was told: how much of the log of each who replied to it.
    """

    __slots__ = ("context", "name", "open", "rows", "sent")

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[int] = []
        self.sent = 0
        self.open: dict[Any, Asked] = {}
        self.context: dict[Log, int] = {}

    def send(self, message: Message, operations: OperationColumns) -> Asked:
        """Return the operation that a request of this client is.

        Raises:
            MismatchError: It can be none of them.
        """
        if self.sent == len(self.rows):
            raise MismatchError(
                f"{self.name} sent a request more than its process has operations"
            )
        row = self.rows[self.sent]
        self.sent += 1
        if message.time < operations.start_time[row]:
            raise MismatchError(
                f"{self.name} sent what should be {operations.f[row]} "
                f"{operations.index[row]} before that was invoked"
            )
        try:
            request = _decode(message.body)
        except msgspec.MsgspecError as error:
            raise MismatchError(f"a request of {self.name} is damaged") from error
        asked = Asked(row, sys.intern(str(request.type)), request.msg_id)
        self.open[request.msg_id] = asked
        return asked


def clients_of(
    operations: OperationColumns, nodes: Collection[str]
) -> dict[str, Client]:
    """Return the clients of all processes, by name. A name of a node is none."""
    clients: dict[int, Client] = {}
    for row, process in enumerate(operations.process):
        client = clients.get(process)
        if client is None:
            client = clients[process] = Client(f"c{process}")
        client.rows.append(row)
    return {
        client.name: client for client in clients.values() if client.name not in nodes
    }


def is_setup(name: str) -> bool:
    """Tell whether a name is that of a client that sets nodes up."""
    return name.startswith(SETUP)
