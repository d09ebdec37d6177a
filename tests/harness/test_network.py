"""Tests of the network, the gateway and what they count."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from harness.agenda import Agenda
from harness.network import CLIENT, NODE, LinkFault, Network
from harness.network.latency import latency_of
from harness.problems import ProblemLog
from harness.serving import attach_services
from harness.wire import Gateway
from histories import JournalWriter, read_journal


if TYPE_CHECKING:
    from pathlib import Path

    from harness.network import Packet, Role


class Endpoint:
    """An address that keeps what it gets."""

    def __init__(self, name: str, role: Role) -> None:
        self.name = name
        self.role = role
        self.refuses: str | None = None
        self.got: list[tuple[str, Any]] = []

    def deliver(self, packet: Packet) -> None:
        self.got.append((packet.src, json.loads(packet.body)))


class World:
    """Two nodes, a client and the services on a network with virtual time."""

    def __init__(self, folder: Path, *, latency_ms: float = 0, loss: float = 0) -> None:
        self.agenda = Agenda()
        self.problems = ProblemLog(self.agenda)
        self.path = folder / "journal.bin"
        self.journal = JournalWriter(self.path)
        self.network = Network(
            agenda=self.agenda,
            latency=latency_of("constant", latency_ms),
            loss=loss,
            seed="1",
            journal=self.journal,
            problems=self.problems,
        )
        self.gateway = Gateway(self.network, self.problems)
        self.n1, self.n2 = Endpoint("n1", NODE), Endpoint("n2", NODE)
        self.client = Endpoint("c1", CLIENT)
        for endpoint in (self.n1, self.n2, self.client):
            self.network.attach(endpoint)
        attach_services(self.network, Random)

    def say(self, **message: Any) -> None:
        """Have n1 print a message."""
        self.gateway.receive(self.n1, json.dumps(message).encode())

    def wait(self, milliseconds: int) -> None:
        self.agenda.now += milliseconds * 1_000_000
        self.agenda.run_due()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder."""
    return tmp_path


def test_a_message_without_latency_arrives_at_once(folder: Path) -> None:
    """A message between nodes is there when `send` returns if nothing delays it."""
    world = World(folder)
    world.say(src="n1", dest="n2", body={"type": "hello"})
    assert world.n2.got == [("n1", {"type": "hello"})]
    world.journal.close()


def test_latency_holds_between_servers_and_never_for_clients(folder: Path) -> None:
    """Clients are always near: delay there would hide anomalies."""
    world = World(folder, latency_ms=10)
    world.say(src="n1", dest="n2", body={"type": "hello"})
    world.say(src="n1", dest="c1", body={"type": "hello"})
    assert not world.n2.got
    assert len(world.client.got) == 1
    world.wait(9)
    assert not world.n2.got
    world.wait(1)
    assert len(world.n2.got) == 1
    world.journal.close()


def test_a_partition_drops_when_a_message_would_arrive(folder: Path) -> None:
    """Links are directed, and a message that left before the cut is lost too."""
    world = World(folder, latency_ms=10)
    world.say(src="n1", dest="n2", body={})
    cut = LinkFault(links=frozenset({("n1", "n2")}), block=True)
    world.network.impose("partition", cut)
    world.wait(10)
    assert not world.n2.got
    world.network.send(world.n2, world.n1, b"{}")
    world.wait(10)
    assert len(world.n1.got) == 1, "the other direction is open"
    assert world.network.lift("partition").dropped == 1
    world.say(src="n1", dest="n2", body={})
    world.wait(10)
    assert len(world.n2.got) == 1
    servers = world.network.counts()["servers"]
    assert (servers.sent, servers.received) == (3, 2)
    assert servers.dropped == {"partition": 1}
    world.journal.close()


def test_services_are_served_with_latency_and_never_lost(folder: Path) -> None:
    """A request to a service is answered after two latencies, whatever the loss."""
    world = World(folder, latency_ms=10, loss=1.0)
    body = {"type": "write", "key": "k", "value": 1, "msg_id": 7}
    world.say(src="n1", dest="lin-kv", body=body)
    world.wait(10)
    assert not world.n1.got
    world.wait(10)
    assert world.n1.got == [("lin-kv", {"type": "write_ok", "in_reply_to": 7})]
    world.say(src="n1", dest="n2", body={})
    world.wait(10)
    assert not world.n2.got
    assert world.network.counts()["servers"].dropped == {"loss": 1}
    world.journal.close()


def test_every_message_is_counted_once_and_journalled(folder: Path) -> None:
    """Sends, deliveries and drops are in the journal, the bytes with the send."""
    world = World(folder)
    world.say(src="n1", dest="n2", body={"type": "a"})
    world.say(src="n1", dest="c1", body={"type": "b"})
    world.journal.close()
    counts = world.network.counts()
    assert (counts["all"].sent, counts["clients"].sent, counts["servers"].sent) == (
        2,
        1,
        1,
    )
    messages = list(read_journal(world.path))
    assert [(m.kind, m.id, m.src, m.dest) for m in messages] == [
        (0, 0, "n1", "n2"),
        (1, 0, "n1", "n2"),
        (0, 1, "n1", "c1"),
        (1, 1, "n1", "c1"),
    ]
    assert json.loads(messages[0].body) == {"type": "a"}


@pytest.mark.parametrize(
    ("line", "kind", "delivered"),
    [
        (b"hello", "not-json", 0),
        (b"", "not-json", 0),
        (b"\xff\xfe", "not-json", 0),
        (b"[" * 5000 + b"]" * 5000, "not-json", 0),
        (b'[1, "two"]', "not-an-object", 0),
        (b'{"src": "n1", "body": {}}', "bad-envelope", 0),
        (b'{"src": "n1", "dest": 3, "body": {}}', "bad-envelope", 0),
        (b'{"src": "n1", "dest": "n2"}', "bad-envelope", 1),
        (b'{"src": "n1", "dest": "n2", "body": {}, "x": 1}', "bad-envelope", 1),
        (b'{"src": "n1", "dest": "n9", "body": {}}', "unknown-destination", 0),
        (b'{"src": "n7", "dest": "n2", "body": {}}', "forged-source", 1),
    ],
)
def test_a_bad_line_is_noted_and_the_next_is_heard(
    folder: Path, line: bytes, kind: str, delivered: int
) -> None:
    """Whatever a node prints, its sentence has the evidence and the run goes on."""
    world = World(folder)
    world.gateway.receive(world.n1, line)
    assert [problem.kind for problem in world.problems.all()] == [kind]
    assert "n1" in world.problems.all()[0].sentence
    assert len(world.n2.got) == delivered
    world.say(src="n1", dest="n2", body={})
    assert len(world.n2.got) == delivered + 1
    world.journal.close()


def test_problems_are_counted_by_kind_and_node(folder: Path) -> None:
    """The first evidence is kept, the others are counted."""
    world = World(folder)
    world.gateway.receive(world.n1, b"first")
    world.gateway.receive(world.n1, b"second")
    world.gateway.receive(world.n2, b"third")
    first, other = world.problems.all()
    assert (first.node, first.count, first.evidence) == ("n1", 2, "first")
    assert (other.node, other.count, other.evidence) == ("n2", 1, "third")
    world.journal.close()
