"""The network: every message passes through `Network.send`.

One rule for latency and faults: they hold between servers, never between a client
and its node. Delay there would hide anomalies behind slow clients, and a client
that cannot be reached observes nothing. Services are servers, but no partition and
no loss touches them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

import msgspec

from histories import MessageCounts, MessageKind


if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from harness.agenda import Agenda
    from histories import JournalWriter

    from .latency import Latency

# Plain integers: an enum's members cost a look-up at every message.
_SEND = int(MessageKind.SEND)
_DELIVER = int(MessageKind.DELIVER)
_DROP = int(MessageKind.DROP)


class Packet(msgspec.Struct, frozen=True, gc=False):
    """A message on its way; the body stays the bytes that its sender wrote."""

    id: int
    src: str
    dest: str
    body: bytes


class Endpoint(Protocol):
    """Who can be addressed: a node, a client or a service.

    Attributes:
        name: The address.
        role: What faults and statistics go by.
        refuses: Why it takes no messages now, as the cause of their loss; None while
            it takes them.
    """

    name: str
    role: Role
    refuses: str | None

    def deliver(self, packet: Packet) -> None:
        """Take a message; must not block, and is not called while it refuses any."""


class Role(msgspec.Struct, frozen=True):
    """What kind of endpoint it is.

    Attributes:
        is_client: Counted as client traffic, reached without latency.
        is_node: Subject to partitions and loss.
    """

    is_client: bool = False
    is_node: bool = False


CLIENT = Role(is_client=True)
NODE = Role(is_node=True)
SERVICE = Role()


class _Tally:
    """Mutable counts of one class of links."""

    __slots__ = ("dropped", "received", "sent")

    def __init__(self) -> None:
        self.sent = 0
        self.received = 0
        self.dropped: dict[str, int] = {}

    def counts(self) -> MessageCounts:
        return MessageCounts(
            sent=self.sent, received=self.received, dropped=dict(self.dropped)
        )


class Network:
    """Carries messages between endpoints, delays, loses and counts them."""

    def __init__(
        self,
        *,
        agenda: Agenda,
        latency: Latency,
        loss: float,
        rng: Random,
        journal: JournalWriter,
    ) -> None:
        """Make a network without endpoints.

        Args:
            agenda: Where deliveries are entered.
            latency: Distribution of the delay between servers.
            loss: Probability that a message between two nodes is lost.
            rng: Randomness of latency and loss.
            journal: Where every send, delivery and drop is recorded.
        """
        self._agenda = agenda
        self._latency = latency
        self._loss = loss
        self._rng = rng
        self._journal = journal
        self._endpoints: dict[str, Endpoint] = {}
        self._detached: set[str] = set()
        self._blocked: frozenset[tuple[str, str]] = frozenset()
        self._next_id = 0
        self._clients = _Tally()
        self._servers = _Tally()

    def attach(self, endpoint: Endpoint) -> None:
        """Make an endpoint reachable under its name."""
        self._endpoints[endpoint.name] = endpoint

    def detach(self, name: str) -> None:
        """Make an endpoint unreachable."""
        del self._endpoints[name]
        self._detached.add(name)

    def find(self, name: str) -> Endpoint | None:
        """Return the endpoint of that name, if there is one."""
        return self._endpoints.get(name)

    def was_attached(self, name: str) -> bool:
        """Return whether an endpoint of that name existed and is gone."""
        return name in self._detached

    def partition(self, blocked: frozenset[tuple[str, str]]) -> None:
        """Drop messages on these directed links from now on, and on no other."""
        self._blocked = blocked

    def repair(self) -> None:
        """Let every link carry messages again."""
        self._blocked = frozenset()

    def send(self, src: Endpoint, dest: Endpoint, body: bytes) -> None:
        """Carry a message. Delivered before this returns if there is no latency."""
        agenda = self._agenda
        packet = Packet(self._next_id, src.name, dest.name, body)
        self._next_id += 1
        to_client = src.role.is_client or dest.role.is_client
        tally = self._clients if to_client else self._servers
        tally.sent += 1
        self._journal.record(
            _SEND, agenda.now, packet.id, packet.src, packet.dest, body
        )
        if to_client:
            self._deliver(packet, dest, tally)
            return
        between_nodes = src.role.is_node and dest.role.is_node
        if between_nodes and self._loss and self._rng.random() < self._loss:
            self._drop(packet, tally, "loss")
            return
        delay = self._latency.draw(self._rng)
        if delay:
            agenda.at(agenda.now + delay, self._deliver, packet, dest, tally)
        else:
            self._deliver(packet, dest, tally)

    def send_late(self, src: Endpoint, dest: str, body: bytes) -> None:
        """Take note of a message to a client that is gone."""
        packet = Packet(self._next_id, src.name, dest, body)
        self._next_id += 1
        self._clients.sent += 1
        self._journal.record(_SEND, self._agenda.now, packet.id, src.name, dest, body)
        self._drop(packet, self._clients, "late")

    def _deliver(self, packet: Packet, dest: Endpoint, tally: _Tally) -> None:
        """Hand over a message that is due, unless its link is cut by now."""
        if self._blocked and (packet.src, packet.dest) in self._blocked:
            self._drop(packet, tally, "partition")
            return
        if dest.refuses is not None:
            self._drop(packet, tally, dest.refuses)
            return
        tally.received += 1
        self._journal.record(
            _DELIVER, self._agenda.now, packet.id, packet.src, packet.dest, b""
        )
        dest.deliver(packet)

    def _drop(self, packet: Packet, tally: _Tally, cause: str) -> None:
        tally.dropped[cause] = tally.dropped.get(cause, 0) + 1
        self._journal.record(
            _DROP, self._agenda.now, packet.id, packet.src, packet.dest, b""
        )

    def dropped(self, cause: str) -> int:
        """Return how many messages were dropped so far for that cause."""
        return self._servers.dropped.get(cause, 0)

    def counts(self) -> dict[str, MessageCounts]:
        """Return the counts so far: `all`, `clients` and `servers`."""
        clients, servers = self._clients.counts(), self._servers.counts()
        return {
            "all": MessageCounts(
                sent=clients.sent + servers.sent,
                received=clients.received + servers.received,
                dropped=_total(clients.dropped, servers.dropped),
            ),
            "clients": clients,
            "servers": servers,
        }


def _total(*counts: Mapping[str, int]) -> dict[str, int]:
    """Return the sums of counts by cause."""
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(total)
