"""A cluster without processes: nodes, services and clients in virtual time."""

from __future__ import annotations

import heapq
import json
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from harness.services import SERVICES
from harness.workloads import WORKLOADS
from histories import Event, History
from nodes._disk import MemoryDisk


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from harness.workloads import Workload
    from nodes.runtime import Body, Message, Node


MS = 1_000_000
START_NS = 1_800_000_000_000_000_000  # the wall clock at the beginning


class World:
    """Carries messages between nodes as the harness does, one seed one execution.

    Latency applies between nodes and to services, not to clients. Loss and duplication
    apply between nodes alone.

    Attributes:
        now_ns: The time.
        nodes: The nodes by name; all are initialised.
        disks: What outlives each node.
        offsets_ns: How far the wall clock of each node is off.
        replies: What clients got, with the time.
        sent: Messages that nodes sent to nodes and services.
        blocked: Links, as (source, destination), whose messages get lost.
        late_ms: What is added to the latency of the second copy of a message.
        service_ms: The latency to services, if it is not that between nodes.
    """

    def __init__(
        self,
        node_class: type[Node],
        names: Sequence[str] = ("n1", "n2", "n3", "n4", "n5"),
        *,
        seed: int = 0,
        arguments: Sequence[str] = (),
        latency_ms: Callable[[Random], float] = lambda _: 0.0,
        loss: float = 0.0,
        duplication: float = 0.0,
    ) -> None:
        self.now_ns = 0
        self.rng = Random(seed)
        self.latency_ms = latency_ms
        self.loss = loss
        self.duplication = duplication
        self.late_ms: Callable[[Random], float] = lambda _: 0.0
        self.service_ms: Callable[[Random], float] | None = None
        self.blocked: set[tuple[str, str]] = set()
        self.mute_services: set[str] = set()
        self.replies: list[tuple[int, Message]] = []
        self.sent: list[Message] = []
        self.services = {name: make() for name, make in SERVICES.items()}
        self.disks = {name: MemoryDisk() for name in names}
        self.offsets_ns = dict.fromkeys(names, 0)
        self._make = partial(node_class, arguments, seed=seed)
        self._epochs = dict.fromkeys(names, -1)
        self._dead: set[str] = set()
        self._paused: dict[str, list[Message]] = {}
        self._queue: list[tuple[int, int, str]] = []
        self._count = 0
        self._msg_id = 0
        self._names = list(names)
        self.nodes: dict[str, Node] = {}
        for name in names:
            self.restart(name)
        self.run(0)

    def submit(self, dest: str, message_type: str, **fields: Any) -> int:
        """Let a client send a request now; return its `msg_id`."""
        self._msg_id += 1
        body = {"type": message_type, "msg_id": self._msg_id, **fields}
        self._put(0, {"src": "c1", "dest": dest, "body": body})
        return self._msg_id

    def request(self, dest: str, message_type: str, **fields: Any) -> Body:
        """Send a request, and let time pass until the reply is there."""
        msg_id = self.submit(dest, message_type, **fields)
        limit_ns = self.now_ns + 30_000 * MS
        while (reply := self.reply_to(msg_id)) is None:
            assert self.now_ns < limit_ns, f"{dest} does not answer {message_type}"
            self._step(limit_ns)
        return reply

    def reply_to(self, msg_id: int) -> Body | None:
        """Return the body of the reply to a request, if it came."""
        for _, message in reversed(self.replies):
            if message["body"].get("in_reply_to") == msg_id:
                return dict(message["body"])
        return None

    def run(self, seconds: float) -> None:
        """Let time pass."""
        end_ns = self.now_ns + int(seconds * 1e9)
        while self._step(end_ns):
            pass
        self.now_ns = end_ns

    def isolate(self, *group: str) -> None:
        """Cut all links between a group of nodes and the others."""
        others = self.nodes.keys() - set(group)
        self.blocked |= {(a, b) for a in group for b in others}
        self.blocked |= {(b, a) for a in group for b in others}

    def heal(self) -> None:
        """Let all messages through again."""
        self.blocked.clear()

    def kill(self, name: str) -> None:
        """End a node: it may have handled what was on its way, but says no more."""
        waiting = [entry for entry in self._queue if _dest(entry) == name]
        self._queue = [entry for entry in self._queue if _dest(entry) != name]
        heapq.heapify(self._queue)
        for _, _, line in sorted(waiting)[: self.rng.randrange(3)]:
            self.nodes[name].receive(json.loads(line))
        self._paused.pop(name, None)
        self._dead.add(name)

    def restart(self, name: str, *, disk: str = "kept") -> None:
        """Start a node, for the first time or after it was killed."""
        if disk == "lost":
            self.disks[name] = MemoryDisk()
        self._dead.discard(name)
        self._epochs[name] += 1
        self.nodes[name] = self._make(
            now_ns=self.now_ns,
            disk=self.disks[name],
            clock=lambda: START_NS + self.now_ns + self.offsets_ns[name],
            epoch=self._epochs[name],
        )
        self.submit(name, "init", node_id=name, node_ids=self._names)

    def pause(self, name: str) -> None:
        """Stop a node: what it is sent waits for it."""
        self._paused[name] = []

    def resume(self, name: str) -> None:
        """Let a node go on, as a process does: first what it was sent, then timers."""
        for message in self._paused.pop(name, []):
            self._deliver(message)
        self.nodes[name].advance(self.now_ns)
        self._collect(self.nodes[name])

    def _step(self, end_ns: int) -> bool:
        """Do what comes next if that is not after the end."""
        deadlines = [
            (node.next_deadline(), name)
            for name, node in self.nodes.items()
            if name not in self._dead and name not in self._paused
        ]
        timers = [(when, name) for when, name in deadlines if when is not None]
        due = min(timers, default=None)
        if self._queue and (due is None or self._queue[0][0] <= due[0]):
            when, _, line = self._queue[0]
            if when > end_ns:
                return False
            heapq.heappop(self._queue)
            self.now_ns = max(self.now_ns, when)
            self._deliver(json.loads(line))
            return True
        if due is None or due[0] > end_ns:
            return False
        self.now_ns = max(self.now_ns, due[0])
        self.nodes[due[1]].advance(self.now_ns)
        self._collect(self.nodes[due[1]])
        return True

    def _deliver(self, message: Message) -> None:
        dest = message["dest"]
        if dest in self._dead:
            return
        if dest in self._paused:
            self._paused[dest].append(message)
        elif dest in self.nodes:
            node = self.nodes[dest]
            node.now_ns = self.now_ns
            node.receive(message)
            self._collect(node)
        elif dest in self.services:
            if dest not in self.mute_services:
                body, src = message["body"], message["src"]
                reply = self.services[dest].handle(src, body, self.rng)
                answer = {**reply, "in_reply_to": body["msg_id"]}
                if (dest, src) not in self.blocked:
                    self._put_later({"src": dest, "dest": src, "body": answer})
        else:
            self.replies.append((self.now_ns, message))

    def _collect(self, node: Node) -> None:
        for message in node.take_outbox():
            link = message["src"], message["dest"]
            if message["dest"] in self.nodes:
                self.sent.append(message)
                if link in self.blocked or self.rng.random() < self.loss:
                    continue
                if self.rng.random() < self.duplication:
                    self._put_later(message, self.late_ms(self.rng))
                self._put_later(message)
            elif message["dest"] in self.services:
                self.sent.append(message)
                if link not in self.blocked:
                    self._put_later(message)
            else:
                self._put(0, message)

    def _put_later(self, message: Message, more_ms: float = 0.0) -> None:
        is_between_nodes = (
            message["src"] in self.nodes and message["dest"] in self.nodes
        )
        latency_ms = (not is_between_nodes and self.service_ms) or self.latency_ms
        self._put(int((latency_ms(self.rng) + more_ms) * MS), message)

    def _put(self, delay_ns: int, message: Message) -> None:
        self._count += 1
        line = json.dumps(message)
        heapq.heappush(self._queue, (self.now_ns + delay_ns, self._count, line))


def _dest(entry: tuple[int, int, str]) -> str:
    return str(json.loads(entry[2])["dest"])


def _impose(world: World, **settings: Any) -> Callable[[], None]:
    """Change attributes of the network; return what changes them back."""
    before = {name: getattr(world, name) for name in settings}
    world.__dict__.update(settings)
    return lambda: world.__dict__.update(before)


def _cut(world: World, links: set[tuple[str, str]]) -> Callable[[], None]:
    """Block links; return what lets them through again."""
    world.blocked |= links
    return lambda: world.blocked.difference_update(links)


def _each(
    world: World, targets: list[str], begin: Callable[[str], Any], end: Any
) -> Callable[[], None]:
    """Do something to each target; return what ends it."""
    for name in targets:
        begin(name)
    return lambda: [end(name) for name in targets] and None


def _kill(world: World, targets: list[str], disk: str) -> Callable[[], None]:
    return _each(world, targets, world.kill, partial(world.restart, disk=disk))


def _step(world: World, targets: list[str]) -> Callable[[], None]:
    """Set the wall clock of the targets forward or back."""

    def set_clock(name: str) -> None:
        world.offsets_ns[name] = int(world.rng.uniform(-3, 3) * 1e9)

    return _each(world, targets, set_clock, lambda n: world.offsets_ns.update({n: 0}))


def _others(world: World, targets: list[str]) -> list[str]:
    return [name for name in world.nodes if name not in targets]


def _links(sources: list[str], destinations: list[str]) -> set[tuple[str, str]]:
    return {(a, b) for a in sources for b in destinations if a != b}


def _partition(world: World, targets: list[str]) -> Callable[[], None]:
    """Cut the targets off, or, now and then, in one direction only."""
    others = _others(world, targets)
    inward, outward = _links(others, targets), _links(targets, others)
    return _cut(world, world.rng.choice([inward | outward, inward | outward, inward]))


def _tail_ms(rng: Random) -> float:
    return rng.uniform(600, 3000) if rng.random() < 0.1 else rng.uniform(1, 20)


FAULTS: Mapping[str, Callable[[World, list[str]], Callable[[], None]]] = {
    "partition": _partition,
    "deaf": lambda w, t: _cut(w, _links(list(w.nodes), t[:1])),
    "mute": lambda w, t: _cut(w, _links(t[:1], list(w.nodes))),
    "kill": lambda w, t: _kill(w, t, "kept"),
    "kill-disk-lost": lambda w, t: _kill(w, t, "lost"),
    "pause": lambda w, t: _each(w, t, w.pause, w.resume),
    "clock": _step,
    "loss": lambda w, _: _impose(w, loss=0.2),
    "duplicate": lambda w, _: _impose(
        w, duplication=0.3, late_ms=lambda rng: rng.choice([0.0, 300.0, 1000.0])
    ),
    "reorder": lambda w, _: _impose(w, latency_ms=lambda rng: rng.uniform(0, 100)),
    "delay": lambda w, _: _impose(w, latency_ms=_tail_ms),
    "slow-services": lambda w, _: _impose(w, service_ms=lambda r: r.uniform(300, 1500)),
    "service-partition": lambda w, t: _cut(
        w, _links(t, list(w.services)) | _links(list(w.services), t)
    ),
}
"""Each fault by the name it has on the command line: begins on some nodes of a world,
and returns what ends it."""

DEFINITE = {1, 10, 11, 12, 14, 20, 21, 22, 30}
TIMEOUT_NS, RECOVERY_S, FAULT_S, CALM_S = 3_000 * MS, 10.0, 4.0, 2.0


class Campaign:
    """Clients at work on a world while faults come and go, and the history of that.

    Attributes:
        history: What the clients saw, with final reads of every node.
    """

    def __init__(
        self,
        world: World,
        workload: Workload,
        faults: Sequence[str] = (),
        *,
        rounds: int = 3,
        rate: float = 40.0,
    ) -> None:
        self._world = world
        self._workload = workload
        self._rng = Random(f"campaign/{world.rng.random()}")
        self._names = list(world.nodes)
        self._events: list[Event] = []
        self._open: dict[int, tuple[int, int, Event]] = {}
        self._seen = len(world.replies)
        self._idle = list(range(2 * len(self._names)))
        self._generator = iter(range(1, 1_000_000))
        for _ in range(rounds):
            self._work(CALM_S, rate)
            stops = [
                FAULTS[fault](world, self._targets())
                for fault in self._rng.sample(faults, min(len(faults), 3))
            ]
            self._work(FAULT_S, rate)
            for stop in reversed(stops):
                stop()
        self._work(CALM_S, rate)
        world.run(RECOVERY_S)
        for number, name in enumerate(self._names):
            self._read_finally(name, 1_000_000 + number)
        self._collect()
        self.history = History.from_events(self._events)

    def _targets(self) -> list[str]:
        return self._rng.sample(self._names, self._rng.randrange(1, len(self._names)))

    def _work(self, seconds: float, rate: float) -> None:
        end_ns = self._world.now_ns + int(seconds * 1e9)
        while self._world.now_ns < end_ns:
            self._world.run(self._rng.expovariate(rate))
            self._collect()
            if self._idle:
                position = self._rng.randrange(len(self._idle))
                self._invoke(self._idle.pop(position))

    def _invoke(self, process: int) -> None:
        node = self._names[process % len(self._names)]
        calls = self._workload.calls
        f = self._rng.choice(sorted(calls))
        values = {
            "delta": lambda: self._rng.randrange(
                -4 if "pn" in self._workload.name else 0, 5
            ),
            "element": lambda: next(self._generator),
            "message": lambda: next(self._generator),
            "echo": lambda: "hello",
            "mode": lambda: "vv",
        }
        argument = calls[f].argument
        self._send(process, node, f, values[argument]() if argument else None)

    def _send(self, process: int, node: str, f: str, value: Any, **marks: bool) -> int:
        call = self._workload.calls[f]
        fields = {call.argument: value} if call.argument else {}
        event = self._record("invoke", process, node, f, value, **marks)
        msg_id = self._world.submit(node, call.rpc.name, **fields)
        self._open[msg_id] = (self._world.now_ns + TIMEOUT_NS, process, event)
        return msg_id

    def _record(
        self, kind: Any, process: int, node: str, f: str, value: Any, **marks: bool
    ) -> Event:
        index, time = len(self._events), self._world.now_ns
        event = Event(
            index=index,
            time=time,
            type=kind,
            process=process,
            f=f,
            value=value,
            node=node,
            **marks,
        )
        self._events.append(event)
        return event

    def _collect(self) -> None:
        """Record what ended: by a reply, or because it took too long."""
        for _, message in self._world.replies[self._seen :]:
            body = message["body"]
            if body.get("in_reply_to") in self._open:
                self._complete(body["in_reply_to"], body)
        self._seen = len(self._world.replies)
        for msg_id in list(self._open):
            if self._open[msg_id][0] <= self._world.now_ns:
                self._complete(msg_id, {"type": "error", "code": 0})

    def _complete(self, msg_id: int, body: Body) -> None:
        _, process, event = self._open.pop(msg_id)
        call = self._workload.calls[event.f]
        value, kind = event.value, "ok"
        if body["type"] == "error":
            fails = call.idempotent or body["code"] in DEFINITE
            kind = "fail" if fails else "info"
        elif call.result is not None:
            value = body[call.result]
        marks = {"final": True} if event.final else {}
        self._record(kind, process, str(event.node), event.f, value, **marks)
        if not event.final:
            clients = 2 * len(self._names)
            self._idle.append(process + clients * (kind == "info"))

    def _read_finally(self, name: str, process: int) -> None:
        f = self._workload.final_read
        for attempt in range(3 if f else 0):
            msg_id = self._send(process + 100 * attempt, name, str(f), None, final=True)
            while msg_id in self._open:
                self._world.run(0.1)
                self._collect()
            if self._events[-1].type == "ok":
                return


@pytest.fixture(name="world", scope="session")
def _world() -> type[World]:
    """The class, because test folders are no packages to import it from."""
    return World


@pytest.fixture(name="judge", scope="session")
def _judge() -> Callable[..., tuple[str, set[str]]]:
    """Return what runs a campaign, and tells the verdict and the anomalies."""

    def judge(
        node: type[Node],
        workload: str,
        *faults: str,
        seed: int = 0,
        rounds: int = 3,
        stale: bool = False,
    ) -> tuple[str, set[str]]:
        world = World(node, seed=seed, latency_ms=lambda _: 5.0)
        world.service_ms = lambda rng: rng.uniform(1, 9)
        kind = WORKLOADS[workload]
        campaign = Campaign(world, kind, faults, rounds=rounds)
        check = kind.modelled.check if stale and kind.modelled else kind.check
        result = check(campaign.history, list(world.nodes))
        fails = {anomaly.name for anomaly in result.anomalies if anomaly.fails}
        return result.verdict.name, fails

    return judge
