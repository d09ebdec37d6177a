"""The interpreter and its clients, in virtual time."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.agenda import Agenda
from harness.clients import ClientPool
from harness.generators import (
    Op,
    counting,
    each_node,
    mix,
    phases,
    repeat,
    stagger,
    time_limit,
)
from harness.interpreter import Interpreter, Log
from harness.network import NODE, Network
from harness.network.latency import latency_of
from harness.problems import ProblemLog
from harness.rpc import ReplyReader
from harness.workloads import WORKLOADS
from histories import Event, History


if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.generators import Generator
    from harness.network import Packet

MS = 1_000_000
NODES = ("n1", "n2", "n3")


class NoJournal:
    """A journal that keeps nothing."""

    def record(self, *_: Any) -> None:
        """Do nothing."""


class Node:
    """A set that answers reads after 20 ms, or never while it is mute."""

    role = NODE
    refuses: str | None = None

    def __init__(self, name: str, world: World) -> None:
        self.name = name
        self.world = world

    def deliver(self, packet: Packet) -> None:
        if not self.world.mute:
            self.react(packet, json.loads(packet.body))

    def react(self, packet: Packet, request: dict[str, Any]) -> None:
        body = {"type": "read_ok", "value": []}
        self.answer_later(20 * MS, packet, request, body)

    def answer_later(
        self, delay: int, packet: Packet, request: dict[str, Any], body: dict[str, Any]
    ) -> None:
        agenda = self.world.agenda
        body["in_reply_to"] = request["msg_id"]
        agenda.at(agenda.now + delay, self.answer, packet.src, body)

    def answer(self, client: str, body: dict[str, Any]) -> None:
        dest = self.world.network.find(client)
        if dest is not None:
            self.world.network.send(self, dest, json.dumps(body).encode())


class Erratic(Node):
    """A set that answers after a random delay, with an error, or never."""

    def react(self, packet: Packet, request: dict[str, Any]) -> None:
        rng = self.world.rng
        body: dict[str, Any] = {"type": f"{request['type']}_ok", "value": []}
        if request["type"] == "add":
            del body["value"]
        if rng.random() < 0.2:
            body = {"type": "error", "code": rng.choice([0, 11, 13, 14])}
        if rng.random() < 0.8:
            delay = rng.randrange(self.world.timeout_ns * 2)
            self.answer_later(delay, packet, request, body)


class World:
    """Nodes and clients in virtual time; it records events, and counts those observed."""

    def __init__(
        self,
        node: type[Node] = Node,
        names: Sequence[str] = NODES,
        *,
        workers: int = 5,
        timeout_ns: int = 100 * MS,
        seed: int = 1,
    ) -> None:
        self.rng = Random(seed)
        self.agenda = Agenda()
        self.events: list[Event] = []
        self.observed = 0
        self.mute = False
        self.timeout_ns = timeout_ns
        problems = ProblemLog(self.agenda)
        self.network = Network(
            agenda=self.agenda,
            latency=latency_of("constant", 0),
            loss=0,
            seed="0",
            journal=NoJournal(),  # type: ignore[arg-type]  # records only
            problems=problems,
        )
        endpoints = [node(name, self) for name in names]
        for endpoint in endpoints:
            self.network.attach(endpoint)
        calls = WORKLOADS["g-set"].calls
        self.interpreter = Interpreter(
            agenda=self.agenda,
            log=Log(self.agenda, self),  # type: ignore[arg-type]  # records only
            rng=Random(seed),
            clients=ClientPool(
                self.agenda, self.network, problems, timeout_ns=timeout_ns
            ),
            readers={f: ReplyReader(call) for f, call in calls.items()},
            endpoints=endpoints,
            workers=workers,
            observer=self,
        )

    def record(self, event: Event) -> None:
        self.events.append(event)

    def observe(self, event: Event) -> None:
        del event
        self.observed += 1

    def run(self, until_ms: int) -> None:
        """Run to a time, or until there is nothing left to wait for."""
        while True:
            wake = self.interpreter.step()
            moments = [t for t in (wake, self.agenda.next_time()) if t is not None]
            due = min(moments, default=until_ms * MS)
            if due >= until_ms * MS:
                self.agenda.now = until_ms * MS
                return
            self.agenda.now = max(self.agenda.now, due)
            self.agenda.run_due()


def run_erratic(
    *, seed: int, nodes: int, workers: int, busy: int, rate: float, seconds: float
) -> World:
    """Have the first workers add to nodes that may do anything, and read, to the end."""
    names = [f"n{number}" for number in range(nodes)]
    world = World(Erratic, names, workers=workers, timeout_ns=1_000 * MS, seed=seed)
    work = mix(counting("add"), repeat("read"))
    world.interpreter.start(time_limit(seconds, stagger(rate, work)), workers=busy)
    world.run(60_000)
    assert world.interpreter.idle, "the run does not end"
    return world


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10**6), st.integers(1, 3), st.integers(1, 5))
def test_a_history_is_well_formed_whatever_nodes_do(
    seed: int, nodes: int, workers: int
) -> None:
    """Pairs match, processes are used once at a time and renewed after an info."""
    world = run_erratic(
        seed=seed, nodes=nodes, workers=workers, busy=workers, rate=20, seconds=5
    )
    history = History.from_events(world.events)
    operations = list(history.operations())
    assert operations
    assert world.observed == len(world.events)
    assert [event.index for event in world.events] == list(range(len(history)))
    ended: set[int] = set()
    for operation in operations:
        assert operation.process not in ended
        assert operation.node == f"n{operation.process % workers % nodes}"
        if operation.status == "info":
            ended.add(operation.process)
        if operation.f == "read":
            assert operation.status in {"ok", "fail"}, "reads have no effect"
        assert operation.end_time is not None
        assert operation.end_time - operation.start_time <= world.timeout_ns
    open_now = 0
    for event in world.events:
        open_now += 1 if event.type == "invoke" else -1
        assert 0 <= open_now <= workers


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6))
def test_the_same_seed_gives_the_same_history(seed: int) -> None:
    """In virtual time a run depends on nothing but its seed."""
    first, second = (
        run_erratic(seed=seed, nodes=3, workers=4, busy=4, rate=50, seconds=3).events
        for _ in range(2)
    )
    assert first == second
    assert first


def test_idle_workers_are_left_out_of_a_phase() -> None:
    """A phase on the first workers uses no other."""
    world = run_erratic(seed=1, nodes=5, workers=5, busy=2, rate=100, seconds=2)
    assert {int(event.process) % 5 for event in world.events} == {0, 1}


def reads(seconds: float = 1.0) -> Generator:
    return time_limit(seconds, stagger(200, repeat("read")))


def test_an_interjection_waits_for_open_operations_and_others_wait_for_it() -> None:
    """Nothing is open when it begins, nothing of it when the others go on."""
    world = World()
    ended: list[int] = []
    world.interpreter.start(reads(), workers=2)
    world.run(300)
    final = each_node(NODES, Op("read", final=True))
    world.interpreter.interject(final, lambda: ended.append(world.agenda.now))
    world.run(2000)
    assert world.interpreter.exhausted
    assert world.interpreter.idle
    between = [event for event in world.events if event.final]
    assert [event.node for event in between if event.type == "ok"] == list(NODES)
    first, last = world.events.index(between[0]), world.events.index(between[-1])
    assert world.events[first : last + 1] == between, "nothing else in the middle"
    for part in (world.events[:first], world.events[last + 1 :]):
        kinds = [event.type for event in part]
        assert kinds.count("invoke") == kinds.count("ok") > 10
    assert ended == [between[-1].time]
    assert {event.process for event in world.events[last + 1 :]} == {0, 1}


def test_an_interjection_without_operations_is_a_barrier() -> None:
    """It only waits for what is open, then calls back and goes on at once."""
    world = World()
    ended: list[int] = []
    world.interpreter.start(reads(), workers=5)
    world.run(305)
    outstanding = [e.type for e in world.events]
    assert outstanding.count("invoke") > outstanding.count("ok")
    world.interpreter.interject(phases(), lambda: ended.append(len(world.events)))
    world.run(2000)
    types = [event.type for event in world.events[: ended[0]]]
    assert types.count("invoke") == types.count("ok")
    assert len(world.events) > ended[0] + 50


def test_a_stop_ends_an_interjection_too() -> None:
    """Neither it nor what it came between invokes anything more."""
    world = World()
    ended: list[int] = []
    world.interpreter.start(reads(), workers=2)
    world.run(300)
    world.interpreter.interject(reads(), lambda: ended.append(1))
    world.run(400)
    world.interpreter.stop()
    count = sum(event.type == "invoke" for event in world.events)
    world.run(2000)
    assert sum(event.type == "invoke" for event in world.events) == count
    assert world.interpreter.idle
    assert not ended


def test_a_worker_roams_under_its_own_number() -> None:
    """Every operation is at the next node, the process is the same."""
    world = World()
    world.interpreter.start(reads(), workers=1)
    world.run(100)
    world.interpreter.roam([0], ["n3", "n2", "n1"])
    world.run(300)
    assert world.interpreter.homes == ("n1",)
    away = world.interpreter.go_home()
    world.run(1100)
    assert {event.process for event in world.events} == {0}
    for invoked, completed in zip(world.events[::2], world.events[1::2], strict=True):
        assert (invoked.type, completed.type) == ("invoke", "ok")
        assert invoked.node == completed.node
    nodes = [event.node for event in world.events[::2]]
    before = nodes.index("n3")
    roaming = nodes[before : len(nodes) - nodes[::-1].index("n2")]
    assert roaming[:4] == ["n3", "n2", "n1", "n3"]
    assert away == sum(node != "n1" for node in nodes) > 3
    assert nodes[-5:] == ["n1"] * 5


def test_a_worker_that_comes_home_late_is_at_home_afterwards() -> None:
    """An operation that is open when the journey ends is told of where it was."""
    world = World()
    world.interpreter.start(reads(), workers=2)
    world.run(100)
    world.interpreter.roam([0, 1], ["n3"])
    world.run(200)
    world.mute = True
    world.run(250)
    world.interpreter.go_home()
    world.mute = False
    world.run(1100)
    infos = [event for event in world.events if event.type == "fail"]
    assert [event.node for event in infos] == ["n3", "n3"], "reads that timed out"
    last = {event.process: event.node for event in world.events}
    assert last == {0: "n1", 1: "n2"}
