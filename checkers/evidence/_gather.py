"""The pass over the journal: from messages to evidence."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import msgspec

from checkers._disks import disk_losses
from histories import MessageKind

from ._evidence import ACCEPTED, INFO, REFUSED, UNDECIDED, Evidence, Exchanges
from ._knowledge import Log
from ._requests import MismatchError, clients_of, is_setup
from ._survival import Survival


if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from histories import History, Message, OperationColumns

    from ._requests import Asked, Client


# Plain integers: an enum's members cost a look-up at every message.
_SEND = int(MessageKind.SEND)
_DELIVER = int(MessageKind.DELIVER)
_DROP = int(MessageKind.DROP)

DEFINITE_CODES = frozenset({1, 10, 11, 12, 14, 20, 21, 22, 30})
"""Codes of error replies after which a request certainly has no effect."""

MOST_ON_THEIR_WAY = 1 << 18
"""Messages on their way of which it is kept what they carry."""

MOST_WORK = 1 << 27
"""Entries of logs that are looked at before knowledge is given up: some seconds."""

MOST_KNOWN = 1 << 27
"""Nodes times updates up to which knowledge is kept: at most 5 bytes each."""


class _Reply(msgspec.Struct):
    type: Any = None
    in_reply_to: Any = None
    code: Any = None


_decode_reply = msgspec.json.Decoder(_Reply).decode


def gather(
    history: History,
    journal: Iterable[Message],
    *,
    nodes: Collection[str],
    services: Collection[str] = (),
    updates: Callable[[str], bool],
    contexts: bool = True,
) -> Evidence:
    """Return what a journal says about the operations of a history.

    One pass: `O(m + n²u)` for m messages, n nodes and u updates; memory for what the
    evidence holds, `O(nu)` and a few words for each operation, whatever the number of
    messages. Where n and u are so large that this is no modest amount, knowledge is
    given up and `Evidence.limits` says so; all else is still there.

    Args:
        history: The history.
        journal: All messages of its run, such as `histories.read_journal` yields.
        nodes: Names of all nodes.
        services: Names of the services; nodes like any other, to knowledge.
        updates: Tells of the name of a function whether it is one of an update.
        contexts: Whether requests may depend on earlier replies to the same client.
            False only if a client puts nothing into a request but the input.

    Raises:
        MismatchError: The journal is not that of the history, or not all of it.
        HistoryError: The journal cannot be read.
    """
    names = {*nodes, *services}
    operations = history.columns()
    losses = disk_losses(history)
    gathering = _Gathering(operations, names, updates, losses, contexts=contexts)
    return gathering.run(journal)


class _Carried(msgspec.Struct, frozen=True, gc=False):
    """A reply on its way to a client.

    Attributes:
        client: The client.
        asked: What it replies to; None if to nothing that matters.
        log: What the sender knows; None if the sender is a client.
        length: How much of it, when it was sent.
        time: When it was sent.
        says: What it says, as a flag.
        heard: How many messages that no client sent had come to the sender by then.
    """

    client: Client
    asked: Asked | None
    log: Log | None
    length: int
    time: int
    says: int
    heard: int


class _Gathering:
    """The state of the pass: of messages on their way, what they carry."""

    def __init__(
        self,
        operations: OperationColumns,
        nodes: set[str],
        is_update: Callable[[str], bool],
        losses: Sequence[tuple[int, str]],
        *,
        contexts: bool,
    ) -> None:
        self._operations = operations
        self._nodes = nodes
        self._contexts = contexts
        self._clients = clients_of(operations, nodes)
        updating = {f for f in set(operations.f) if is_update(f)}
        self._updates = array(
            "i", [row for row, f in enumerate(operations.f) if f in updating]
        )
        self._number = {row: number for number, row in enumerate(self._updates)}
        self._exchanges = Exchanges(len(operations))
        self._logs: dict[str, Log] = {}
        self._limits: list[str] = []
        self._work = 0
        self._lengths: dict[int, int] = {}
        self._requests: dict[int, Asked] = {}
        self._contexts_sent: dict[int, dict[Log, int]] = {}
        self._replies: dict[int, _Carried] = {}
        self._copies: dict[int, int] = {}
        self._survival = Survival(losses, nodes, len(self._updates)) if losses else None
        if len(nodes) * len(self._updates) > MOST_KNOWN:
            self._give_up("so many nodes and updates")
        for name in nodes:
            self._log(name)

    def run(self, journal: Iterable[Message]) -> Evidence:
        """Go through the journal.

        Messages between nodes, by far the most, are looked at here alone.
        """
        counts = [0, 0, 0]
        logs, lengths, copies = self._logs, self._lengths, self._copies
        for message in journal:
            kind = message.kind
            src, dest = logs.get(message.src), logs.get(message.dest)
            if self._survival is not None:
                self._survival.take(message)
                if self._survival.work > MOST_WORK:
                    self._give_up("so many nodes that tell each other so much")
            if kind > _DROP:
                if self._limits:
                    continue
                if src is None or message.id in lengths:
                    copies[message.id] = copies.get(message.id, 0) + 1
                else:
                    # A copy of what has arrived, or was lost: its sender knew no more
                    # when it was sent than it does now.
                    lengths[message.id] = len(src.order)
                continue
            counts[kind] += 1
            if src is None or dest is None:
                self._at_the_edge(message, src, dest)
            elif kind == _SEND:
                lengths[message.id] = len(src.order)
                if len(lengths) > MOST_ON_THEIR_WAY:
                    # A delivery without it takes all that the sender knows by then.
                    del lengths[next(iter(lengths))]
            else:
                length = lengths.get(message.id, -1)
                self._settle(message.id, lengths)
                if kind == _DELIVER:
                    dest.heard += 1
                    if length < 0:
                        length = len(src.order)
                    if dest.told.get(src, 0) < length:
                        self._work += dest.hear(src, length, message.time)
                        if self._work > MOST_WORK:
                            self._give_up("so many nodes that tell each other so much")
        self._require_all()
        survival = self._survival
        gone, in_doubt = ({}, {}) if survival is None else survival.result()
        return Evidence(
            operations=self._operations,
            updates=self._updates,
            exchanges=self._exchanges,
            logs=None if self._limits else self._logs,
            counts=(counts[_SEND], counts[_DELIVER], counts[_DROP]),
            limits=tuple(self._limits),
            gone=gone,
            in_doubt=in_doubt,
        )

    def _at_the_edge(self, message: Message, src: Log | None, dest: Log | None) -> None:
        """Take a record of a message that a client sent or is to get."""
        if src is None and not self._is_client(message.src):
            src = self._log(message.src)
        if dest is None and not self._is_client(message.dest):
            dest = self._log(message.dest)
        asking = self._clients.get(message.src) if src is None else None
        if asking is not None:
            self._take_request(message, asking, dest)
        told = self._clients.get(message.dest) if dest is None else None
        if told is not None:
            self._take_reply(message, told, src)
        if src is not None and dest is not None and message.kind == _DELIVER:
            dest.heard += 1
            dest.hear(src, len(src.order), message.time)

    def _take_request(self, message: Message, client: Client, dest: Log | None) -> None:
        if message.kind == _SEND:
            self._requests[message.id] = client.send(message, self._operations)
            if self._contexts and any(log is not dest for log in client.context):
                self._contexts_sent[message.id] = dict(client.context)
            return
        asked = self._requests.get(message.id)
        context = self._contexts_sent.get(message.id)
        if message.id not in self._copies:
            self._contexts_sent.pop(message.id, None)
        self._settle(message.id, self._requests)
        if message.kind != _DELIVER:
            return
        # A late copy of it is unknown, and may be any request of this client.
        rows = [asked.row] if asked is not None else client.rows[: client.sent]
        delivered = self._exchanges.delivered
        for row in rows:
            if asked is not None and delivered[row] < 0:
                delivered[row] = message.time
                self._exchanges.before[row] = dest.heard if dest is not None else -1
            number = self._number.get(row)
            if number is not None and dest is not None:
                dest.learn(number, message.time, None)
                if self._survival is not None:
                    self._survival.learn(dest.name, number, message.time)
        if self._contexts and dest is not None:
            if asked is None:
                context = client.context
            for log, length in (context or {}).items():
                if log is not dest:
                    self._work += dest.hear(log, length, message.time)

    def _take_reply(self, message: Message, client: Client, src: Log | None) -> None:
        length, heard = (len(src.order), src.heard) if src is not None else (0, -1)
        if message.kind == _SEND:
            says, asked = _read_reply(message.body, client)
            carried = _Carried(client, asked, src, length, message.time, says, heard)
            self._replies[message.id] = carried
        else:
            known = self._replies.get(message.id)
            self._settle(message.id, self._replies)
            if known is None:
                known = _Carried(
                    client, None, src, length, message.time, UNDECIDED, heard
                )
            self._answer(message, known)

    def _answer(self, message: Message, carried: _Carried) -> None:
        """Take the end of a reply's way.

        A client that got an answer took the first that arrived. Of one that gave up
        every reply counts, as none did arrive.
        """
        client, asked, log = carried.client, carried.asked, carried.log
        arrived = message.kind == _DELIVER
        if arrived and log is not None and self._contexts:
            client.context[log] = max(client.context.get(log, 0), carried.length)
        if asked is None:
            return
        decided = self._operations.status[asked.row] != INFO
        if decided and not arrived:
            return
        if decided:
            client.open.pop(asked.msg_id, None)
        self._exchanges.reply(
            asked.row,
            name=message.src,
            time=carried.time,
            length=carried.length,
            says=carried.says,
            heard=carried.heard,
        )

    def _settle(self, message: int, on_its_way: dict[int, Any]) -> None:
        """Forget a message of which no copy is on its way any more."""
        copies = self._copies.get(message, 0)
        if not copies:
            on_its_way.pop(message, None)
        elif copies == 1:
            del self._copies[message]
        else:
            self._copies[message] = copies - 1

    def _is_client(self, name: str) -> bool:
        return name in self._clients or (not self._contexts and is_setup(name))

    def _log(self, name: str) -> Log | None:
        """Return the log of whoever is no client; None if knowledge was given up."""
        if self._limits:
            return None
        log = self._logs.get(name)
        if log is None:
            log = self._logs[name] = Log(name, len(self._updates))
        return log

    def _give_up(self, why: str) -> None:
        if not self._limits:
            self._limits.append(
                f"What nodes could know was not worked out: there are {why}."
            )
        self._logs.clear()
        self._survival = None

    def _require_all(self) -> None:
        """Raise MismatchError unless every operation has been asked for."""
        for client in self._clients.values():
            if client.sent < len(client.rows):
                row = client.rows[client.sent]
                operations = self._operations
                raise MismatchError(
                    f"it lacks the request of {operations.f[row]} "
                    f"{operations.index[row]}"
                )


def _read_reply(body: bytes, client: Client) -> tuple[int, Asked | None]:
    """Return what a reply says, and to which request."""
    try:
        reply = _decode_reply(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return UNDECIDED, None
    answered = reply.in_reply_to
    asked = client.open.get(answered) if type(answered) is int else None
    if asked is None:
        return UNDECIDED, None
    if reply.type == "error":
        definite = type(reply.code) is int and reply.code in DEFINITE_CODES
        return REFUSED if definite else UNDECIDED, asked
    return ACCEPTED if reply.type == f"{asked.type}_ok" else UNDECIDED, asked
