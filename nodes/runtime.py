"""What a node program is written on: a class with one handler for each request.

    from nodes.runtime import Body, Message, Node, handler, run

    class Echo(Node):
        @handler("echo")
        def echo(self, message: Message) -> Body:
            return {"type": "echo_ok", "echo": message["body"]["echo"]}

    if __name__ == "__main__":
        run(Echo)

A `Node` does no input or output and has no clock of its own. A driver feeds it: it
sets `now_ns` and calls `receive(message)`, calls `advance(now_ns)` when the time is
`next_deadline()` or later, and after each of these carries away what `take_outbox()`
returns. `run` is the driver over standard input and output; a test or a simulator is
another. A driver without processes has to copy messages: nodes keep what they are given.

Only the standard library is used, and little of it: a cluster starts as fast as its
slowest interpreter.
"""

from __future__ import annotations

import heapq
import sys

from ._fields import decoded, require
from ._stdio import run
from ._tasks import Loop, Mutex, Promise, Task
from .errors import CRASH, NOT_SUPPORTED, PRECONDITION_FAILED, RpcError, RpcTimeout


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from random import Random
    from typing import Any, ClassVar, TypeVar

    from ._disk import Disk

    F = TypeVar("F", bound=Callable[..., Any])

__all__ = [
    "Body",
    "Message",
    "Mutex",
    "Node",
    "Promise",
    "RpcError",
    "RpcTimeout",
    "decoded",
    "every",
    "handler",
    "require",
    "run",
]

Body = dict[str, "Any"]
"""What a message says: `type`, mostly `msg_id` or `in_reply_to`, and its own fields."""

Message = dict[str, "Any"]
"""An envelope: `src`, `dest` and `body`."""

FIRST_REQUEST_ID = 1_000_000
"""Own requests are numbered from here on; replies from 0, so that they can be foretold."""

REQUESTS_PER_EPOCH = 1_000_000_000


def handler(message_type: str) -> Callable[[F], F]:
    """Make a method the handler of messages of a type.

    The method gets the message and returns the body of the reply, or None for no
    reply. As `async def` it may await `rpc`, `sleep` and a `Mutex` in between,
    while the node handles other messages.
    """

    def mark(method: F) -> F:
        method.__dict__["_handles"] = message_type
        return method

    return mark


def every(interval_s: float) -> Callable[[F], F]:
    """Call a method, plain or `async def`, again and again after the node's `init`.

    The interval is counted from the end of one call to the start of the next.
    """

    def mark(method: F) -> F:
        method.__dict__["_interval_s"] = interval_s
        return method

    return mark


class Node:
    """One member of the cluster; programs derive from it and add handlers.

    Attributes:
        arguments: Command line arguments of the program.
        node_id: The own name, empty before `init`.
        node_ids: Names of all nodes, the own one included.
        peers: Names of all other nodes.
        now_ns: The time, as the driver told it last. It never goes back.
        epoch: How often it was killed and started again: 0 the first time.
    """

    _handlers: ClassVar[dict[str, str]] = {}
    _periodic: ClassVar[dict[str, float]] = {}

    def __init_subclass__(cls) -> None:
        """Collect the marked methods; a subclass may override them by name."""
        super().__init_subclass__()
        marks = {
            name: getattr(method, "__dict__", {}) for name, method in vars(cls).items()
        }
        cls._handlers = cls._handlers | {
            mark["_handles"]: name for name, mark in marks.items() if "_handles" in mark
        }
        cls._periodic = cls._periodic | {
            name: mark["_interval_s"]
            for name, mark in marks.items()
            if "_interval_s" in mark
        }

    def __init__(
        self,
        arguments: Sequence[str] = (),
        *,
        seed: str | int | None = None,
        now_ns: int = 0,
        disk: Disk | Callable[[], Disk] | None = None,
        clock: Callable[[], int] | None = None,
        epoch: int = 0,
    ) -> None:
        self.arguments = list(arguments)
        self.node_id = ""
        self.node_ids: list[str] = []
        self.peers: list[str] = []
        self.now_ns = now_ns
        self.epoch = epoch
        self._disk = disk
        self._clock = clock
        self._seed = seed
        self._random: Random | None = None
        self._outbox: list[Message] = []
        self._loop = Loop()
        self._timers: list[tuple[int, int, Promise]] = []
        self._timer_count = 0
        self._replies = 0
        # A late reply to an earlier epoch must not pass for one to this.
        self._requests = FIRST_REQUEST_ID + epoch * REQUESTS_PER_EPOCH
        self._pending: dict[int, Promise] = {}
        self._held: list[Message] = []
        self._methods: dict[object, Callable[[Message], Any]] = {
            "init": self._initialise
        }
        self._methods |= {
            message_type: getattr(self, name)
            for message_type, name in self._handlers.items()
        }

    # What a program uses.

    def start(self) -> None:
        """Set up the node's state; called once, when the names are known."""

    def option(self, name: str, default: float) -> float:
        """Return the number that follows an option among the arguments."""
        if name not in self.arguments:
            return default
        values = self.arguments[self.arguments.index(name) + 1 :]
        if not values:
            raise ValueError(f"{name} needs a number after it")
        return float(values[0])

    @property
    def rng(self) -> Random:
        """Randomness: repeatable where the driver gave a seed."""
        if self._random is None:
            import random  # here, because many nodes never draw

            named = None if self._seed is None else f"{self._seed}/{self.node_id}"
            if named and self.epoch:
                named += f"/{self.epoch}"
            self._random = random.Random(named)
        return self._random

    @property
    def disk(self) -> Disk:
        """What outlives the process; gone with the node if the driver gave none."""
        if self._disk is None:
            from ._disk import MemoryDisk  # here, because many nodes keep nothing

            self._disk = MemoryDisk()
        elif callable(self._disk):
            self._disk = self._disk()
        return self._disk

    def clock_ns(self) -> int:
        """Return the wall clock: ns since 1970, often wrong, and it may go back."""
        return self._clock() if self._clock else self.now_ns

    def send(self, dest: str, body: Body) -> None:
        """Send a message that needs no reply."""
        self._outbox.append({"src": self.node_id, "dest": dest, "body": body})

    def reply(self, message: Message, body: Body) -> None:
        """Answer a request; one without `msg_id` asks for no answer and gets none."""
        msg_id = message["body"].get("msg_id")
        if msg_id is not None:
            numbers = {"in_reply_to": msg_id, "msg_id": self._replies}
            self._replies += 1
            self.send(message["src"], body | numbers)

    def rpc(self, dest: str, body: Body, timeout_s: float = 1.0) -> Promise:
        """Send a request at once; await the promise for the body of the reply.

        The await raises `RpcError` for an error reply, and `RpcTimeout` when none
        comes in time; a reply after that is ignored. Several requests can be made
        before the first is awaited.
        """
        number = self._requests
        self._requests += 1
        promise = self._pending[number] = Promise(self._loop, number)
        self._settle_at(promise, timeout_s)
        self.send(dest, body | {"msg_id": number})
        return promise

    def sleep(self, seconds: float) -> Promise:
        """Await this to go on later; zero seconds lets this turn's input go first."""
        promise = Promise(self._loop)
        self._settle_at(promise, seconds)
        return promise

    def mutex(self) -> Mutex:
        """Return a new lock for `async with`."""
        return Mutex(self._loop)

    def spawn(self, coroutine: Coroutine[Promise, None, Any]) -> None:
        """Run a coroutine beside the handlers; its result is dropped."""
        self._run(coroutine, lambda _: None, self._complain)

    # What a driver uses.

    def receive(self, message: Message) -> None:
        """Take in one message; one that comes before `init` waits for it."""
        body = message["body"]
        number = body.get("in_reply_to")
        if type(number) is int and number in self._pending:
            self._settle(self._pending.pop(number), body)
        elif self.node_id or body.get("type") == "init":
            self._handle(message)
        else:
            self._held.append(message)
        if self._held and self.node_id:
            early, self._held = self._held, []
            for held in early:
                self._handle(held)
        self._loop.run()

    def next_deadline(self) -> int | None:
        """Return when `advance` has something to do, in nanoseconds, if ever."""
        while self._timers and self._timers[0][2].is_settled:
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    def advance(self, now_ns: int) -> None:
        """Move the clock: whatever is due by now happens, in the order of deadlines.

        What becomes due only while this goes on is left to the next call, so that a
        program that sleeps for no time can't keep input waiting.
        """
        self.now_ns = now_ns
        last = self._timer_count
        while self._timers and self._timers[0] < (now_ns, last + 1):
            promise = heapq.heappop(self._timers)[2]
            if promise.key is None:
                promise.resolve()
            elif self._pending.pop(promise.key, None):
                promise.fail(RpcTimeout("no reply in time"))
            self._loop.run()

    def take_outbox(self) -> list[Message]:
        """Return the messages to send, and forget them."""
        messages, self._outbox = self._outbox, []
        return messages

    # How it works.

    def _settle_at(self, promise: Promise, delay_s: float) -> None:
        self._timer_count += 1  # equal deadlines in the order of their making
        deadline_ns = self.now_ns + int(delay_s * 1e9)
        heapq.heappush(self._timers, (deadline_ns, self._timer_count, promise))

    def _settle(self, promise: Promise, body: Body) -> None:
        if body.get("type") == "error":
            promise.fail(RpcError(body.get("code", CRASH), body.get("text", "")))
        else:
            promise.resolve(body)

    def _initialise(self, message: Message) -> Body:
        body = message["body"]
        node_id = require(body, "node_id", str)
        node_ids = require(body, "node_ids", list)
        if not self.node_id:
            self.node_id, self.node_ids = node_id, node_ids
            self.peers = [name for name in node_ids if name != node_id]
            self.start()
            for name, interval_s in self._periodic.items():
                self.spawn(self._repeat(getattr(self, name), interval_s))
        elif self.node_id != node_id:
            raise RpcError(PRECONDITION_FAILED, f"this is node {self.node_id}")
        return {"type": "init_ok"}

    async def _repeat(self, method: Callable[[], Any], interval_s: float) -> None:
        while True:
            await self.sleep(interval_s)
            try:
                result = method()
                if result is not None:
                    await result
            except Exception as error:  # noqa: BLE001  one bad round must not be the last
                self._complain(error)

    def _handle(self, message: Message) -> None:
        """Call the handler, and reply with what it returns or raises."""
        body = message["body"]
        message_type = body.get("type")
        known = isinstance(message_type, str)
        method = self._methods.get(message_type) if known else None
        if method is None:
            if "in_reply_to" not in body:  # else a reply that came too late
                text = f"{type(self).__name__} has no handler for {message_type!r}"
                self._refuse(message, NOT_SUPPORTED, text)
            return
        try:
            result = method(message)
        except Exception as error:  # noqa: BLE001  a handler may raise anything
            self._fail(message, error)
            return
        if result is None or isinstance(result, dict):
            self._answer(message, result)
        else:  # a coroutine: the method is an `async def`
            self._run(
                result,
                lambda body: self._answer(message, body),
                lambda error: self._fail(message, error),
            )

    def _answer(self, message: Message, body: Body | None) -> None:
        if body is not None:
            self.reply(message, body)

    def _run(
        self,
        coroutine: Coroutine[Promise, None, Any],
        returned: Callable[[Any], Any],
        failed: Callable[[Exception], None],
    ) -> None:
        self._loop.ready.append(Task(coroutine, returned, failed))

    def _fail(self, message: Message, error: Exception) -> None:
        if isinstance(error, RpcError):
            self._refuse(message, error.code, error.text)
        else:
            self._complain(error)
            self._refuse(message, CRASH, f"{type(error).__name__}: {error}")

    def _refuse(self, message: Message, code: int, text: str) -> None:
        self.reply(message, {"type": "error", "code": code, "text": text})

    def _complain(self, error: Exception) -> None:
        import traceback  # here, because it is slow to import and seldom needed

        traceback.print_exception(error, file=sys.stderr)
        sys.stderr.flush()
