"""The interpreter and its clients, in virtual time."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.agenda import Agenda
from harness.clients import ClientPool
from harness.generators import counting, mix, repeat, stagger, time_limit
from harness.interpreter import Interpreter, Log
from harness.network import NODE, Network
from harness.network.latency import latency_of
from harness.problems import ProblemLog
from harness.rpc import ReplyReader
from harness.workloads import WORKLOADS
from histories import Event, History


if TYPE_CHECKING:
    from harness.network import Packet

TIMEOUT_NS = 1_000_000_000


class NoJournal:
    """A journal that keeps nothing."""

    def record(self, *_: Any) -> None:
        """Do nothing."""


class Memory:
    """A recorder that keeps events in memory."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def record(self, event: Event) -> None:
        self.events.append(event)


class Observer:
    """Counts what it is told."""

    def __init__(self) -> None:
        self.seen = 0

    def observe(self, event: Event) -> None:
        self.seen += 1


class Node:
    """A set that answers after a random delay, with an error, or never."""

    role = NODE
    refuses: str | None = None

    def __init__(self, name: str, world: World) -> None:
        self.name = name
        self.world = world

    def deliver(self, packet: Packet) -> None:
        rng, agenda = self.world.rng, self.world.agenda
        request = json.loads(packet.body)
        body: dict[str, Any] = {"type": f"{request['type']}_ok", "value": []}
        if request["type"] == "add":
            del body["value"]
        if rng.random() < 0.2:
            body = {"type": "error", "code": rng.choice([0, 11, 13, 14])}
        body["in_reply_to"] = request["msg_id"]
        if rng.random() < 0.8:
            delay = rng.randrange(TIMEOUT_NS * 2)
            agenda.at(agenda.now + delay, self.answer, packet.src, body)

    def answer(self, client: str, body: dict[str, Any]) -> None:
        dest = self.world.network.find(client)
        if dest is not None:
            self.world.network.send(self, dest, json.dumps(body).encode())


class World:
    """Nodes and clients in virtual time."""

    def __init__(self, *, seed: int, nodes: int, workers: int) -> None:
        self.rng = Random(seed)
        self.agenda = Agenda()
        self.memory = Memory()
        self.observer = Observer()
        problems = ProblemLog(self.agenda)
        self.network = Network(
            agenda=self.agenda,
            latency=latency_of("constant", 0),
            loss=0,
            seed="0",
            journal=NoJournal(),  # type: ignore[arg-type] - records only
            problems=problems,
        )
        endpoints = [Node(f"n{number}", self) for number in range(nodes)]
        for endpoint in endpoints:
            self.network.attach(endpoint)
        calls = WORKLOADS["g-set"].calls
        self.interpreter = Interpreter(
            agenda=self.agenda,
            log=Log(self.agenda, self.memory),  # type: ignore[arg-type] - records only
            rng=Random(seed),
            clients=ClientPool(
                self.agenda,
                self.network,
                problems,
                timeout_ns=TIMEOUT_NS,
            ),
            readers={f: ReplyReader(call) for f, call in calls.items()},
            endpoints=endpoints,
            workers=workers,
            observer=self.observer,
        )

    def run(self, *, rate: float, seconds: float, workers: int) -> History:
        generator = time_limit(
            seconds, stagger(rate, mix(counting("add"), repeat("read")))
        )
        self.interpreter.start(generator, workers=workers)
        for _ in range(100_000):
            wake = self.interpreter.step()
            if self.interpreter.idle:
                return History.from_events(self.memory.events)
            moments = [t for t in (wake, self.agenda.next_time()) if t is not None]
            self.agenda.now = max(self.agenda.now, min(moments))
            self.agenda.run_due()
        raise AssertionError("the run does not end")


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10**6), st.integers(1, 3), st.integers(1, 5))
def test_a_history_is_well_formed_whatever_nodes_do(
    seed: int, nodes: int, workers: int
) -> None:
    """Pairs match, processes are used once at a time and renewed after an info."""
    world = World(seed=seed, nodes=nodes, workers=workers)
    history = world.run(rate=20, seconds=5, workers=workers)
    operations = list(history.operations())
    assert operations
    assert world.observer.seen == len(world.memory.events)
    assert [event.index for event in world.memory.events] == list(range(len(history)))
    ended: set[int] = set()
    for operation in operations:
        assert operation.process not in ended
        assert operation.node == f"n{operation.process % workers % nodes}"
        if operation.status == "info":
            ended.add(operation.process)
        if operation.f == "read":
            assert operation.status in {"ok", "fail"}, "reads have no effect"
        assert operation.end_time is not None
        assert operation.end_time - operation.start_time <= TIMEOUT_NS
    open_now = 0
    for event in world.memory.events:
        open_now += 1 if event.type == "invoke" else -1
        assert 0 <= open_now <= workers


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6))
def test_the_same_seed_gives_the_same_history(seed: int) -> None:
    """In virtual time a run depends on nothing but its seed."""
    first, second = (
        World(seed=seed, nodes=3, workers=4).run(rate=50, seconds=3, workers=4)
        for _ in range(2)
    )
    assert first.digest() == second.digest()


def test_idle_workers_are_left_out_of_a_phase() -> None:
    """A phase on the first workers uses no other."""
    world = World(seed=1, nodes=5, workers=5)
    history = world.run(rate=100, seconds=2, workers=2)
    assert {operation.process % 5 for operation in history.operations()} == {0, 1}
