"""The network: every message passes through `Network.send`.

One rule for latency and faults: they hold between servers, never between a client
and its node. Delay there would hide anomalies behind slow clients, and a client
that cannot be reached observes nothing. Services are servers; only faults that name
their links touch them.

What a fault does is in `_link_faults`. Every link has its own randomness, and so has
every fault on it, so that a message or a fault more or less moves little else.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

from histories import MessageCounts, MessageKind

from ._endpoints import Packet
from ._link_faults import Imposed, by_link
from ._tally import Tally, total


if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.agenda import Agenda
    from harness.problems import ProblemLog
    from histories import JournalWriter

    from ._endpoints import Endpoint
    from ._link_faults import LinkEffect, LinkFault
    from .latency import Latency

FLIGHT_LIMIT: Final = 256 * 1024 * 1024
"""Bytes that may be on their way at once; what is sent beyond that is dropped."""

_FLIGHT_COST: Final = 600  # bytes of memory that a message on its way takes, at least

# Plain integers: an enum's members cost a look-up at every message.
_SEND = int(MessageKind.SEND)
_DELIVER = int(MessageKind.DELIVER)
_DROP = int(MessageKind.DROP)
_DUPLICATE = int(MessageKind.DUPLICATE)


class Network:
    """Carries messages between endpoints, delays, loses and counts them."""

    def __init__(
        self,
        *,
        agenda: Agenda,
        latency: Latency,
        loss: float,
        seed: str,
        journal: JournalWriter,
        problems: ProblemLog,
    ) -> None:
        """Make a network without endpoints.

        Args:
            agenda: Where deliveries are entered.
            latency: Distribution of the delay between servers.
            loss: Probability that a message between two nodes is lost.
            seed: Source of the randomness of links.
            journal: Where every send, delivery, drop and copy is recorded.
            problems: Where it is noted that too much is on its way.
        """
        self._agenda = agenda
        self._latency = latency if latency.mean_ns else None
        self._loss = loss
        self._seed = seed
        self._rngs: dict[tuple[str, str, str], Random] = {}
        self._journal = journal
        self._problems = problems
        self._endpoints: dict[str, Endpoint] = {}
        self._detached: set[str] = set()
        self._imposed: dict[str, Imposed] = {}
        self._blocked: dict[tuple[str, str], tuple[Imposed, ...]] = {}
        self._disturbed: dict[tuple[str, str], tuple[Imposed, ...]] = {}
        self._next_id = 0
        self._in_flight = 0
        self._between_nodes = 0
        self._clients = Tally()
        self._servers = Tally()

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

    # Faults.

    def impose(self, name: str, fault: LinkFault) -> None:
        """Put a fault in force, next to those of other names."""
        assert name not in self._imposed, "one of a name at a time"
        self._imposed[name] = Imposed(name, fault)
        self._sort_faults()

    def lift(self, name: str) -> LinkEffect:
        """End a fault and return what it did since it was imposed.

        What it has delayed stays delayed.
        """
        imposed = self._imposed.pop(name)
        self._sort_faults()
        return imposed.effect

    def _sort_faults(self) -> None:
        """See which links are touched by what is in force."""
        nodes = [one.name for one in self._endpoints.values() if one.role.is_node]
        imposed = self._imposed.values()
        self._blocked = by_link((one for one in imposed if one.fault.block), nodes)
        self._disturbed = by_link((one for one in imposed if one.is_disturbance), nodes)

    # Messages.

    def send(self, src: Endpoint, dest: Endpoint, body: bytes) -> None:
        """Carry a message. Delivered before this returns if nothing delays it."""
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
        self._between_nodes += between_nodes
        if between_nodes and self._loss and self._rng("", packet).random() < self._loss:
            self._drop(packet, tally, "loss")
            return
        latency = self._latency
        delay = 0 if latency is None else latency.draw(self._rng("", packet))
        if self._disturbed:
            faults = self._disturbed.get((packet.src, packet.dest))
            if faults is not None:
                self._send_disturbed(packet, dest, tally, delay, faults)
                return
        if delay:
            self._enter(delay, tally, self._deliver, packet, dest, tally)
        else:
            self._deliver(packet, dest, tally)

    def send_late(self, src: Endpoint, dest: str, body: bytes) -> None:
        """Take note of a message to a client that is gone."""
        packet = Packet(self._next_id, src.name, dest, body)
        self._next_id += 1
        self._clients.sent += 1
        self._journal.record(_SEND, self._agenda.now, packet.id, src.name, dest, body)
        self._drop(packet, self._clients, "late")

    def _send_disturbed(
        self,
        packet: Packet,
        dest: Endpoint,
        tally: Tally,
        delay: int,
        faults: tuple[Imposed, ...],
    ) -> None:
        """Carry a message as the faults on its link will have it."""
        strokes = [(one, one.strike(self._rng(one.name, packet))) for one in faults]
        for one, stroke in strokes:
            if stroke.lost:
                one.effect.dropped += 1
                self._drop(packet, tally, one.name)
                return
        delay += sum(stroke.extra_ns or 0 for _, stroke in strokes)
        delayed = tuple(one for one, stroke in strokes if stroke.extra_ns is not None)
        arguments = packet, dest, tally, faults, delayed
        if not delay:
            self._arrive(packet, dest, tally, faults, ())
        elif self._enter(delay, tally, self._arrive, *arguments):
            for one in delayed:
                one.effect.in_flight += 1
        for one, stroke in strokes:
            if stroke.copy_ns is not None:
                self._copy(packet, dest, tally, one, delay + stroke.copy_ns)

    def _copy(
        self, packet: Packet, dest: Endpoint, tally: Tally, fault: Imposed, delay: int
    ) -> None:
        """Have a second copy of a message arrive later."""
        now = self._agenda.now
        self._journal.record(_DUPLICATE, now, packet.id, packet.src, packet.dest, b"")
        if self._enter(delay, None, self._arrive_again, packet, dest, tally, fault):
            fault.effect.in_flight += 1

    def _enter(
        self,
        delay: int,
        tally: Tally | None,
        arrive: Callable[..., object],
        packet: Packet,
        *arguments: object,
    ) -> bool:
        """Have something arrive later; say whether there was room for it.

        What has no tally is a copy, whose loss is not counted.
        """
        cost = len(packet.body) + _FLIGHT_COST
        if self._in_flight + cost <= FLIGHT_LIMIT:
            self._in_flight += cost
            due = self._agenda.now + delay
            self._agenda.at(due, self._land, arrive, packet, arguments)
            return True
        self._drop(packet, tally, "overflow")
        self._problems.note(
            "queue-overflow",
            packet.src,
            f"{FLIGHT_LIMIT >> 20} MiB of messages were on their way at once, and what "
            f"{packet.src} sent then was dropped: more is sent than the delay of "
            "messages allows for.",
        )
        return False

    def _land(
        self,
        arrive: Callable[..., object],
        packet: Packet,
        arguments: tuple[object, ...],
    ) -> None:
        self._in_flight -= len(packet.body) + _FLIGHT_COST
        arrive(packet, *arguments)

    def _arrive(
        self,
        packet: Packet,
        dest: Endpoint,
        tally: Tally,
        faults: tuple[Imposed, ...],
        delayed: tuple[Imposed, ...],
    ) -> None:
        """Hand over a message that was sent under faults, and count what they did."""
        for one in delayed:
            one.effect.in_flight -= 1
        if not self._deliver(packet, dest, tally):
            return
        link = packet.src, packet.dest
        for one in faults:
            one.arrived(link, packet.id, delayed=one in delayed)
        for one in delayed:
            tally.delayed[one.name] += 1

    def _arrive_again(
        self, packet: Packet, dest: Endpoint, tally: Tally, fault: Imposed
    ) -> None:
        """Hand over a second copy of a message."""
        fault.effect.in_flight -= 1
        if self._deliver(packet, dest, None):
            fault.effect.duplicated += 1
            tally.duplicated[fault.name] += 1

    def _deliver(self, packet: Packet, dest: Endpoint, tally: Tally | None) -> bool:
        """Hand over what is due and say so, unless its link is cut by now."""
        if self._blocked:
            faults = self._blocked.get((packet.src, packet.dest))
            if faults is not None:
                faults[0].effect.dropped += tally is not None
                self._drop(packet, tally, faults[0].name)
                return False
        if dest.refuses is not None:
            self._drop(packet, tally, dest.refuses)
            return False
        if tally is not None:
            tally.received += 1
        self._journal.record(
            _DELIVER, self._agenda.now, packet.id, packet.src, packet.dest, b""
        )
        dest.deliver(packet)
        return True

    def _drop(self, packet: Packet, tally: Tally | None, cause: str) -> None:
        if tally is not None:
            tally.dropped[cause] += 1
        self._journal.record(
            _DROP, self._agenda.now, packet.id, packet.src, packet.dest, b""
        )

    def _rng(self, fault: str, packet: Packet) -> Random:
        """Return the randomness of a link, or of a fault on it."""
        key = fault, packet.src, packet.dest
        rng = self._rngs.get(key)
        if rng is None:
            name = f"{self._seed}/{fault}" if fault else self._seed
            rng = self._rngs[key] = Random(f"{name}/{packet.src}>{packet.dest}")
        return rng

    def counts(self) -> dict[str, MessageCounts]:
        """Return the counts so far: `all`, `clients`, `nodes` (sent only) and `servers`."""
        clients, servers = self._clients.counts(), self._servers.counts()
        return {
            "all": MessageCounts(
                sent=clients.sent + servers.sent,
                received=clients.received + servers.received,
                dropped=total(clients.dropped, servers.dropped),
                delayed=total(clients.delayed, servers.delayed),
                duplicated=total(clients.duplicated, servers.duplicated),
            ),
            "clients": clients,
            "nodes": MessageCounts(sent=self._between_nodes),
            "servers": servers,
        }
