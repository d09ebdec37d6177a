"""Faults of links: counted where messages arrive, not only where they are sent."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

from harness.agenda import Agenda
from harness.network import CLIENT, NODE, LinkFault, Network, _network
from harness.network.latency import Constant, Uniform, latency_of
from harness.problems import ProblemLog
from harness.serving import attach_services
from histories import MessageKind


if TYPE_CHECKING:
    import pytest

    from harness.network import Packet, Role

MS = 1_000_000


class Endpoint:
    """An address that keeps the ids of what it gets."""

    refuses: str | None = None

    def __init__(self, name: str, role: Role) -> None:
        self.name = name
        self.role = role
        self.got: list[int] = []

    def deliver(self, packet: Packet) -> None:
        self.got.append(packet.id)


class World:
    """Three nodes and a client in virtual time; the journal is a list."""

    def __init__(self, *, seed: str = "1", latency_ms: float = 0) -> None:
        self.agenda = Agenda()
        self.problems = ProblemLog(self.agenda)
        self.journal: list[tuple[int, int]] = []
        self.network = Network(
            agenda=self.agenda,
            latency=latency_of("constant", latency_ms),
            loss=0,
            seed=seed,
            journal=self,  # type: ignore[arg-type] - records only
            problems=self.problems,
        )
        self.n1, self.n2, self.n3 = nodes = [
            Endpoint(name, NODE) for name in ("n1", "n2", "n3")
        ]
        self.client = Endpoint("c1", CLIENT)
        for endpoint in (*nodes, self.client):
            self.network.attach(endpoint)
        attach_services(self.network, Random)

    def record(self, kind: int, _time: int, message: int, *_: Any) -> None:
        self.journal.append((kind, message))

    def say(self, count: int, *, src: Endpoint, dest: Endpoint) -> None:
        """Send messages a millisecond apart."""
        for _ in range(count):
            self.network.send(src, dest, b"{}")
            self.wait(1)

    def wait(self, milliseconds: int) -> None:
        self.agenda.now += milliseconds * MS
        self.agenda.run_due()

    def journaled(self, kind: MessageKind) -> int:
        return sum(one == kind for one, _ in self.journal)


def test_loss_loses_about_its_share_between_nodes() -> None:
    """What the receiver misses is what is counted; a client misses nothing."""
    world = World()
    world.network.impose("loss", LinkFault(loss=0.3))
    world.say(1000, src=world.n1, dest=world.n2)
    world.say(100, src=world.n1, dest=world.client)
    missing = 1000 - len(world.n2.got)
    assert 240 < missing < 360
    assert len(world.client.got) == 100
    assert world.network.lift("loss").dropped == missing
    servers = world.network.counts()["servers"]
    assert servers.dropped == {"loss": missing}
    assert world.journaled(MessageKind.DROP) == missing
    world.say(10, src=world.n1, dest=world.n2)
    assert len(world.n2.got) == 1000 - missing + 10, "lifted"


def test_a_copy_arrives_later_with_the_same_id() -> None:
    """The receiver gets copies, late ones too, after the fault is over."""
    world = World()
    fault = LinkFault(duplicate=0.5, copy_delay=Uniform(500 * MS))
    world.network.impose("duplicate", fault)
    world.say(100, src=world.n1, dest=world.n2)
    effect = world.network.lift("duplicate")
    assert effect.duplicated == len(world.n2.got) - 100
    assert effect.in_flight > 10, "most copies are still on their way"
    world.wait(1000)
    times = Counter(world.n2.got)
    copies = len(world.n2.got) - 100
    assert len(times) == 100
    assert set(times.values()) == {1, 2}
    assert 30 < copies < 70
    servers = world.network.counts()["servers"]
    assert (servers.sent, servers.received) == (100, 100)
    assert servers.duplicated == {"duplicate": copies}
    assert world.journaled(MessageKind.DUPLICATE) == copies
    assert world.journaled(MessageKind.DELIVER) == 100 + copies


def test_delay_adds_to_latency() -> None:
    """Each message takes longer, on the links of the fault and on no other."""
    world = World(latency_ms=10)
    links = frozenset({("n1", "n2")})
    world.network.impose(
        "delay", LinkFault(links=links, delay=Constant(20 * MS), delayed=1)
    )
    world.network.send(world.n1, world.n2, b"{}")
    world.network.send(world.n1, world.n3, b"{}")
    world.wait(29)
    assert (len(world.n2.got), len(world.n3.got)) == (0, 1)
    world.wait(1)
    assert len(world.n2.got) == 1
    effect = world.network.lift("delay")
    assert (effect.delayed, effect.overtaken, effect.in_flight) == (1, 0, 0)
    assert world.network.counts()["servers"].delayed == {"delay": 1}


def test_reordering_is_counted_at_the_receiver() -> None:
    """A message held back arrives after later ones of its link, and none is lost."""
    world = World()
    world.network.impose("reorder", LinkFault(delay=Uniform(5 * MS), delayed=0.3))
    world.say(500, src=world.n1, dest=world.n2)
    world.wait(100)
    effect = world.network.lift("reorder")
    got = world.n2.got
    assert sorted(got) == list(range(500))
    late = sum(message < max(got[:at], default=-1) for at, message in enumerate(got))
    assert effect.overtaken == late > 50
    assert effect.delayed >= effect.overtaken


def test_faults_add_up_and_each_is_counted_by_name() -> None:
    """Several are in force at once; a blocked link wins over what else is on it."""
    world = World()
    cut = LinkFault(links=frozenset({("n1", "n3")}), block=True)
    world.network.impose("deaf", cut)
    world.network.impose("loss", LinkFault(loss=0.5))
    world.network.impose("duplicate", LinkFault(duplicate=1))
    world.say(100, src=world.n1, dest=world.n3)
    assert not world.n3.got
    world.say(100, src=world.n1, dest=world.n2)
    arrived = len(set(world.n2.got))
    assert len(world.n2.got) == 2 * arrived
    dropped = world.network.counts()["servers"].dropped
    assert sum(dropped.values()) == 200 - arrived
    assert world.network.lift("deaf").dropped == dropped["deaf"] > 0
    assert world.network.lift("duplicate").duplicated == arrived
    assert world.network.lift("loss").dropped == dropped["loss"]


def test_services_are_struck_by_faults_that_name_their_links() -> None:
    """Faults without links leave services alone."""
    world = World()
    request = b'{"type":"read","key":"k","msg_id":1}'
    world.network.impose("loss", LinkFault(loss=1))
    service = world.network.find("lin-kv")
    assert service is not None
    world.network.send(world.n1, service, request)
    assert len(world.n1.got) == 1
    links = frozenset({("lin-kv", "n1")})
    world.network.impose("service-partition", LinkFault(links=links, block=True))
    world.network.send(world.n1, service, request)
    assert len(world.n1.got) == 1, "the reply is lost"
    assert world.network.lift("service-partition").dropped == 1


def test_a_fault_or_a_message_more_does_not_move_other_links() -> None:
    """Every link has its own randomness, and every fault on it has."""
    alone, together = World(), World()
    for world in (alone, together):
        world.network.impose("loss", LinkFault(loss=0.5))
    together.network.impose("duplicate", LinkFault(duplicate=0.5))
    for _ in range(50):
        for world in (alone, together):
            world.network.send(world.n1, world.n2, b"{}")
        together.say(1, src=together.n2, dest=together.n3)
    # Ids differ, so count who arrived in the order of sending.
    sent = [
        [m for kind, m in world.journal if kind == MessageKind.SEND]
        for world in (alone, together)
    ]
    lost = [
        [m in set(world.n2.got) for m in sent[i][:: i + 1]]
        for i, world in enumerate((alone, together))
    ]
    assert lost[0] == lost[1]


def test_what_is_on_its_way_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound messages are dropped, which is noted; then it goes on."""
    monkeypatch.setattr(_network, "FLIGHT_LIMIT", 10_000)
    world = World(latency_ms=100)
    for _ in range(50):
        world.network.send(world.n1, world.n2, b"x" * 400)
    world.wait(100)
    assert len(world.n2.got) == 10
    assert world.network.counts()["servers"].dropped == {"overflow": 40}
    (problem,) = world.problems.all()
    assert (problem.kind, problem.node, problem.count) == ("queue-overflow", "n1", 40)
    world.network.send(world.n1, world.n2, b"x")
    world.wait(100)
    assert len(world.n2.got) == 11
