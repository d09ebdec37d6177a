"""Histories of a perfect register or queue, drawn by a seed, and those of a stale one.

A history is drawn step by step: a client, chosen at random, calls if it is idle, takes
effect if it has called, and returns if it has taken effect. So two thirds of the
clients are in flight at any time, which is denser than what most systems record.

What makes a history *stale*: at nine tenths, the value of a register that was last
acknowledged is overwritten, from call to return by one client, while others are in
flight; then a read by another client, called after that, still sees it. All in flight
that would set it again return first, so that nothing but the fault explains the read.
Of a queue, a dequeue overtakes: it gives an element from far behind the first.

An *open* operation is a write or a cas whose outcome is unknown: half of them take
effect, at once or any time later. Its client goes on as a new process.
"""

from __future__ import annotations

import json
from collections import deque
from random import Random
from typing import TYPE_CHECKING, Any, Literal

import msgspec


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


STALE_AT = 0.9
LATE = 1 / 50
"""How likely, at each step, an open operation takes effect that is to do so later."""

IDLE, CALLED, DONE = range(3)


Kind = Literal[
    "register",
    "cas-register",
    "fifo-queue",
    "stack",
    "unordered-queue",
    "priority-queue",
    "set",
    "owned-mutex",
    "g-counter",
]


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """What is drawn.

    Attributes:
        kind: `register` has reads and writes, `cas-register` cas as well; a set has
            one element. Those after the queue are drawn by `objects`, without a fault.
        clients: How many call at the same time.
        operations: How many they call.
        values: How many values are written; 0 if each is written once.
        open: How many operations never return.
        stale: Whether there is a fault.
        seed: Of all that is drawn.
    """

    kind: Kind
    clients: int
    operations: int
    values: int = 0
    open: int = 0
    stale: bool = False
    seed: int = 1

    @property
    def name(self) -> str:
        """What it is called in the table: what, clients, operations, open ones."""
        kind = self.kind if self.kind != "cas-register" else "cas"
        values = f"{self.values} values" if self.values else "unique"
        title = f"{kind}, {values}"
        return f"{title:24}{self.clients:8}{self.operations:11,}{self.open:5}"

    def write(self, path: Path) -> None:
        """Write a history of a register or of a queue as JSON lines."""
        draw = Queue if self.kind == "fifo-queue" else Register
        with path.open("w") as file:
            file.writelines(draw(self).lines())


class Client:
    """What a client is about.

    Attributes:
        process: Its process.
        stage: Whether it is idle, has called, or has taken effect.
        f: The function that it has called.
        value: What it has called it with.
        result: What it will return.
        status: How it will return.
    """

    __slots__ = ("f", "process", "result", "stage", "status", "value")

    def __init__(self, process: int) -> None:
        self.process = process
        self.stage = IDLE
        self.f = ""
        self.value: Any = None
        self.result: Any = None
        self.status = "ok"


class Run:
    """Clients that take turns. Subclasses say what they call and what that does."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self.rng = Random(repr(family))
        self.clients = [Client(process) for process in range(family.clients)]
        self.called = self.events = 0
        self.open = frozenset(self.rng.sample(range(family.operations), family.open))
        self.fault_at = int(family.operations * STALE_AT)
        self.faulty = not family.stale

    def lines(self) -> Iterator[str]:
        """Yield the history, an event a line."""
        random, clients = self.rng.random, self.clients
        count, operations = len(clients), self.family.operations
        busy = 0
        while busy or self.called < operations:
            if not self.faulty and self.called >= self.fault_at:
                self.faulty = True
                yield from self.fault()
                busy = sum(client.stage != IDLE for client in clients)
            client = clients[int(random() * count)]
            if client.stage == IDLE:
                if self.called < operations:
                    busy += 1
                    yield self.call(client)
            elif client.stage == CALLED:
                self.take_effect(client)
            else:
                busy -= 1
                yield self.give(client)
            self.step()
        assert self.faulty, "a fault has been found a place"

    def line(self, client: Client, type_: str, value: Any) -> str:
        """Return an event as a line."""
        self.events += 1
        return (
            f'{{"index":{self.events - 1},"time":{self.events * 1000},"type":"{type_}",'
            f'"process":{client.process},"f":"{client.f}","value":{json.dumps(value)}}}\n'
        )

    def call(self, client: Client) -> str:
        """Let a client call what it likes."""
        self.choose(client, is_open=self.called in self.open)
        self.called += 1
        client.stage = CALLED
        return self.line(client, "invoke", client.value)

    def give(self, client: Client) -> str:
        """Let a client return."""
        client.stage = IDLE
        found = self.line(client, client.status, client.result)
        if client.status == "info":
            client.process += len(self.clients)
        return found

    def take_effect(self, client: Client) -> None:
        """Do what a client has called."""
        client.stage = DONE
        client.result = self.apply(client)

    def choose(self, client: Client, *, is_open: bool) -> None:
        """Set what a client calls, and how that will end."""
        raise NotImplementedError

    def apply(self, client: Client) -> Any:
        """Change the state as a client has called for; return the result."""
        raise NotImplementedError

    def fault(self) -> Iterator[str]:
        """Yield events that break a promise, and of those that have to come before."""
        raise NotImplementedError

    def step(self) -> None:
        """Do what happens without any client."""


class Register(Run):
    """A register. Values are numbers from 1; at first it has none.

    Of few values, open operations never set the last one, which the fault reads.
    """

    def __init__(self, family: Family) -> None:
        super().__init__(family)
        self.state: int | None = None
        self.written = 0
        self.acknowledged: int | None = None
        self.late: list[tuple[str, Any]] = []

    def choose(self, client: Client, *, is_open: bool) -> None:
        """Read or write as often, or also cas; an open one never reads."""
        has_cas = self.family.kind == "cas-register"
        drawn = self.rng.random() * (3 if has_cas else 2)
        client.status = "info" if is_open else "ok"
        if drawn < 1 and not is_open:
            client.f, client.value = "read", None
        elif drawn < 2:
            client.f, client.value = "write", self.fresh(is_open=is_open)
        else:
            client.f = "cas"
            client.value = [self.expected(), self.fresh(is_open=is_open)]

    def fresh(self, *, is_open: bool) -> int:
        """Return a value to write."""
        if not self.family.values:
            self.written += 1
            return self.written
        return self.rng.randint(1, self.family.values - is_open)

    def expected(self) -> int:
        """Return what a cas expects: any value, or the one that is there."""
        if self.family.values:
            return self.rng.randint(1, self.family.values)
        return self.state or 0

    def apply(self, client: Client) -> Any:
        """Read, write or cas; half of what is open is left for later, or for never."""
        if client.status == "info":
            drawn = self.rng.random()
            if drawn < 0.25:
                self.change(client.f, client.value)
            elif drawn < 0.5:
                self.late.append((client.f, client.value))
            return None
        if client.f == "read":
            return self.state
        if not self.change(client.f, client.value):
            client.status = "fail"
        return client.value

    def change(self, f: str, value: Any) -> bool:
        """Set the state by a write or cas; return whether that succeeded."""
        if f == "cas":
            old, value = value
            if self.state != old:
                return False
        self.state = value
        return True

    def give(self, client: Client) -> str:
        """Let a client return, and remember the last value that is acknowledged."""
        if client.status == "ok" and client.f != "read":
            self.acknowledged = sets(client)
        return super().give(client)

    def step(self) -> None:
        """Let what is late take effect."""
        if self.late and self.rng.random() < LATE:
            self.change(*self.late.pop(self.rng.randrange(len(self.late))))

    def fault(self) -> Iterator[str]:
        """Yield a write, and a read after it that sees what was there before."""
        stale = self.family.values or self.acknowledged
        assert stale is not None, "something was written in nine tenths"
        for client in self.clients:
            if client.stage != IDLE and sets(client) == stale:
                yield from self.finish(client)
        writer, reader, *_ = self.clients
        yield from self.finish(writer)
        writer.f, writer.status = "write", "ok"
        writer.value = 1 if self.family.values else self.fresh(is_open=False)
        yield from self.begin(writer)
        yield from self.finish(writer)
        yield from self.finish(reader)
        reader.f, reader.status, reader.value = "read", "ok", None
        yield from self.begin(reader)
        self.take_effect(reader)
        reader.result = stale
        yield from self.finish(reader)

    def begin(self, client: Client) -> Iterator[str]:
        """Yield the call of what a client is set to."""
        self.called += 1
        client.stage = CALLED
        yield self.line(client, "invoke", client.value)

    def finish(self, client: Client) -> Iterator[str]:
        """Yield the return of a client that has called."""
        if client.stage == CALLED:
            self.take_effect(client)
        if client.stage == DONE:
            yield self.give(client)


def sets(client: Client) -> Any:
    """Return the value that a client would set; None of a read."""
    return client.value[1] if client.f == "cas" else client.value


class Queue(Run):
    """A queue, of some dozens of elements most of the time.

    Attributes:
        inserting: The function that puts an element in.
        removing: The function that takes one out.
    """

    inserting, removing = "enqueue", "dequeue"

    def __init__(self, family: Family) -> None:
        super().__init__(family)
        self.elements: deque[int] = deque()
        self.inserted = 0
        self.ahead = 4 * family.clients
        self.overtakes = False

    def choose(self, client: Client, *, is_open: bool) -> None:  # noqa: ARG002 # none is
        """Put in or take out: the one more often while there are few elements."""
        target = 2 * self.ahead
        client.status = "ok"
        if self.rng.random() * 2 * target > len(self.elements):
            self.inserted += 1
            client.f, client.value = self.inserting, self.inserted
        else:
            client.f, client.value = self.removing, None

    def apply(self, client: Client) -> Any:
        """Put in or take out."""
        if client.f == self.inserting:
            self.elements.append(client.value)
            return client.value
        if self.overtakes and len(self.elements) > self.ahead:
            self.overtakes = False
            found = self.elements[self.ahead]
            del self.elements[self.ahead]
            return found
        return self.take() if self.elements else None

    def take(self) -> int:
        """Take out what comes next; there is some."""
        return self.elements.popleft()

    def fault(self) -> Iterator[str]:
        """Let a removal overtake; nothing else has to happen."""
        self.overtakes = True
        yield from ()
