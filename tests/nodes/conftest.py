"""A cluster without processes: nodes, services and clients in virtual time."""

from __future__ import annotations

import heapq
import json
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from harness.services import SERVICES
from nodes._disk import MemoryDisk


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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

    def _step(self, end_ns: int) -> bool:
        """Do what comes next if that is not after the end."""
        deadlines = [
            (node.next_deadline(), name)
            for name, node in self.nodes.items()
            if name not in self._dead
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
        if dest in self.nodes:
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
                    self._put_later(message)
                self._put_later(message)
            elif message["dest"] in self.services:
                self.sent.append(message)
                if link not in self.blocked:
                    self._put_later(message)
            else:
                self._put(0, message)

    def _put_later(self, message: Message) -> None:
        self._put(int(self.latency_ms(self.rng) * MS), message)

    def _put(self, delay_ns: int, message: Message) -> None:
        self._count += 1
        line = json.dumps(message)
        heapq.heappush(self._queue, (self.now_ns + delay_ns, self._count, line))


def _dest(entry: tuple[int, int, str]) -> str:
    return str(json.loads(entry[2])["dest"])


@pytest.fixture(name="world", scope="session")
def _world() -> type[World]:
    """The class, because test folders are no packages to import it from."""
    return World
