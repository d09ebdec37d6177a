"""Turns a generator into operations on workers, and records what becomes of them.

One place assigns `index` and `time` to every event. A worker has one operation at
a time under its process number; after an indeterminate one the number grows by the
count of workers and the client is replaced, as the operation may still take effect.

Two things can come between: another generator while operations wait (`interject`),
and a journey of workers from node to node (`roam`).
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from msgspec.structs import replace

from histories import NEMESIS, Event

from .generators import Context, Op, Pending, Worker


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

    from histories import EventType, Recorder

    from .agenda import Agenda
    from .clients import Client, ClientPool, Completion
    from .generators import Generator
    from .network import Endpoint
    from .rpc import ReplyReader


class Observer(Protocol):
    """Who is told of every client event."""

    def observe(self, event: Event) -> None:
        """Take note of a recorded event."""


class Log:
    """Assigns index and time, writes the event, and counts.

    Attributes:
        counts: Events so far by type.
    """

    def __init__(self, agenda: Agenda, recorder: Recorder) -> None:
        self.counts: dict[EventType, int] = {"invoke": 0, "ok": 0, "fail": 0, "info": 0}
        self._agenda = agenda
        self._recorder = recorder
        self._index = 0

    def client(
        self,
        worker: Worker,
        op: Op,
        type_: EventType,
        value: Any = None,
        error: Any = None,
    ) -> Event:
        """Record an event of a client operation."""
        event = Event(
            index=self._index,
            time=self._agenda.now,
            type=type_,
            process=worker.process,
            f=op.f,
            value=value,
            error=error,
            final=op.final,
            node=worker.node,
        )
        self.counts[type_] += 1
        self._write(event)
        return event

    def nemesis(self, f: str, value: Any) -> None:
        """Record an event of the nemesis."""
        self._write(
            Event(
                index=self._index,
                time=self._agenda.now,
                type="info",
                process=NEMESIS,
                f=f,
                value=value,
            )
        )

    def _write(self, event: Event) -> None:
        self._index += 1
        self._recorder.record(event)


class _Interjection(NamedTuple):
    """What comes between, and then what it came between."""

    generator: Generator | None
    next: Op | None
    workers: int
    done: Callable[[], None]


class Interpreter:
    """Drives a generator over workers that call nodes."""

    def __init__(
        self,
        *,
        agenda: Agenda,
        log: Log,
        rng: Random,
        clients: ClientPool,
        readers: Mapping[str, ReplyReader],
        endpoints: Sequence[Endpoint],
        workers: int,
        observer: Observer,
    ) -> None:
        """Make an interpreter whose worker i calls endpoint i modulo their number."""
        self._agenda = agenda
        self._log = log
        self._rng = rng
        self._clients = clients
        self._readers = readers
        self._observer = observer
        self._endpoints = [endpoints[i % len(endpoints)] for i in range(workers)]
        self._workers = [
            Worker(id=i, process=i, node=self._endpoints[i].name)
            for i in range(workers)
        ]
        self._open: list[Client | None] = [None] * workers
        self._free: deque[Worker] = deque()
        self._active: tuple[Worker, ...] = ()
        self._generator: Generator | None = None
        self._next: Op | None = None
        self._wanted: _Interjection | None = None
        self._held: _Interjection | None = None
        self._routes: dict[int, deque[Endpoint]] = {}
        self._away = 0

    @property
    def workers(self) -> int:
        """How many workers there are."""
        return len(self._workers)

    @property
    def exhausted(self) -> bool:
        """Whether nothing more will be invoked."""
        return self._generator is None and self._held is None

    @property
    def idle(self) -> bool:
        """Whether the generator is exhausted and nothing is outstanding."""
        return self.exhausted and self._all_free()

    @property
    def homes(self) -> tuple[str, ...]:
        """The node of each worker that takes part, unless it roams."""
        return tuple(self._endpoints[worker.id].name for worker in self._active)

    def start(self, generator: Generator, *, workers: int) -> None:
        """Begin to run a generator on the first so many workers."""
        assert self.idle, "one generator runs at a time"
        self._generator = generator
        self._active = tuple(self._workers[:workers])
        self._free = deque(self._active)

    def stop(self) -> None:
        """Invoke nothing more; outstanding operations go on."""
        self._generator = None
        self._next = None
        self._wanted = self._held = None

    def interject(self, generator: Generator, done: Callable[[], None]) -> None:
        """Run another generator on all workers as soon as no operation is open.

        When it is exhausted and nothing is outstanding, `done` is called and the one
        at hand goes on. Nothing happens if there is none by then.
        """
        assert self._wanted is None, "one interjection at a time"
        assert self._held is None, "one interjection at a time"
        self._wanted = _Interjection(generator, None, len(self._workers), done)

    def roam(self, clients: Sequence[int], nodes: Sequence[str]) -> None:
        """Have workers call these nodes in turn, each beginning with another one."""
        endpoints = {endpoint.name: endpoint for endpoint in self._endpoints}
        for client in clients:
            route = deque(endpoints[node] for node in nodes if node in endpoints)
            route.rotate(-client)
            self._routes[client] = route

    def go_home(self) -> int:
        """Have workers call their own nodes; return how often they called others."""
        for client in self._routes:
            self._settle(client, self._endpoints[client])
        self._routes.clear()
        away, self._away = self._away, 0
        return away

    def step(self) -> int | None:
        """Invoke everything that may be invoked now; return when to come again."""
        self._clients.expire()
        wake = self._dispatch()
        # Asked again, because what was just invoked can be overdue first.
        overdue = self._clients.expire()
        moments = [moment for moment in (wake, overdue) if moment is not None]
        return min(moments, default=None)

    def _dispatch(self) -> int | None:
        """Ask the generator and invoke, until it has to wait."""
        while True:
            if self._wanted is not None or self._held is not None:
                self._interchange()
            if self._generator is None or self._wanted is not None:
                return None
            op = self._next
            if op is None:
                given, generator = self._generator.next(self._context())
                if given is None:
                    self._generator = None
                    continue
                self._generator = generator
                if isinstance(given, Pending):
                    return given.until
                self._next = op = given
            if op.time > self._agenda.now:
                return op.time
            worker = self._take_worker(op)
            if worker is None:
                return None
            self._next = None
            self._invoke(worker, op)

    def _interchange(self) -> None:
        """Begin what is to come between, or end it, if nothing is outstanding."""
        if not self._all_free():
            return
        if self._wanted is not None and self._generator is not None:
            wanted, self._wanted = self._wanted, None
            self._held = _Interjection(
                self._generator, self._next, len(self._active), wanted.done
            )
            self._go_on(wanted)
        elif self._held is not None and self._generator is None:
            held, self._held = self._held, None
            self._go_on(held)
            held.done()

    def _go_on(self, interjection: _Interjection) -> None:
        self._generator = interjection.generator
        self._next = interjection.next
        self._active = tuple(self._workers[: interjection.workers])
        self._free = deque(self._active)

    def _all_free(self) -> bool:
        return len(self._free) == len(self._active)

    def _context(self) -> Context:
        return Context(
            time=self._agenda.now,
            rng=self._rng,
            free=self._free,
            workers=self._active,
        )

    def _take_worker(self, op: Op) -> Worker | None:
        """Return a free worker that may carry out the operation, now taken."""
        if op.worker is None:
            return self._free.popleft() if self._free else None
        for worker in self._free:
            if worker.id == op.worker:
                self._free.remove(worker)
                return worker
        return None

    def _invoke(self, worker: Worker, op: Op) -> None:
        """Record an invocation and send its request."""
        dest = self._endpoints[worker.id]
        if worker.id in self._routes:
            route = self._routes[worker.id]
            dest, home = route[0], dest
            route.rotate(-1)
            worker = self._settle(worker.id, dest)
            self._away += dest is not home
        event = self._log.client(worker, op, "invoke", op.value)
        self._observer.observe(event)
        client = self._open[worker.id]
        if client is None:
            client = self._open[worker.id] = self._clients.open(f"c{worker.process}")

        def done(completion: Completion) -> None:
            self._complete(worker, op, completion)

        self._clients.call(client, dest, self._readers[op.f], op.value, done)

    def _complete(self, worker: Worker, op: Op, completion: Completion) -> None:
        """Record a completion, free the worker and tell the generator."""
        value = op.value if completion.type != "ok" else completion.value
        event = self._log.client(worker, op, completion.type, value, completion.error)
        self._observer.observe(event)
        if completion.type == "info":
            self._retire(worker)
        worker = self._workers[worker.id]  # which may call another node by now
        self._free.append(worker)
        if self._generator is not None:
            self._generator = self._generator.update(self._context(), event, worker.id)

    def _retire(self, worker: Worker) -> None:
        """Give a worker a new process and, at its next operation, a new client."""
        client = self._open[worker.id]
        assert client is not None, "it has just completed"
        self._clients.close(client)
        self._open[worker.id] = None
        self._replace(worker.id, process=worker.process + len(self._workers))

    def _settle(self, client: int, endpoint: Endpoint) -> Worker:
        """Have a worker call this node."""
        return self._replace(client, node=endpoint.name)

    def _replace(self, id_: int, **changes: Any) -> Worker:
        """Change what is known of a worker, wherever it is."""
        fresh = replace(self._workers[id_], **changes)
        self._workers[id_] = fresh
        self._active = tuple(self._workers[: len(self._active)])
        self._free = deque(self._workers[worker.id] for worker in self._free)
        return fresh
