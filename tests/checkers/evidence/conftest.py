"""A wire: conversations of clients and nodes, as a history and a journal at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from histories import Event, History, JournalWriter, Message, MessageKind


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from histories import EventType


MS = 1_000_000


class Request(msgspec.Struct, frozen=True):
    """A request that was sent.

    Attributes:
        id: Its message.
        index: The index of its operation.
        number: Its `msg_id`.
        process: Who sent it.
        f: Its operation.
        node: To whom.
    """

    id: int
    index: int
    number: int
    process: int
    f: str
    node: str


class Wire:
    """Records what is said, a millisecond after the other."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.events: list[Event] = []
        self.now = 0
        self._ends: dict[int, tuple[str, str]] = {}
        self._sent: dict[int, int] = {}

    def wait(self, ms: int = 1) -> None:
        self.now += ms * MS

    def put(
        self, kind: int, id_: int, src: str, dest: str, body: dict[str, Any] | None
    ) -> None:
        text = b"" if body is None else msgspec.json.encode(body)
        self.messages.append(
            Message(len(self.messages), int(kind), self.now, id_, src, dest, text)
        )

    def send(self, src: str, dest: str, **body: Any) -> int:
        """Send a message, and return it."""
        self.wait()
        id_ = len(self._ends)
        self._ends[id_] = (src, dest)
        self.put(MessageKind.SEND, id_, src, dest, {"type": "gossip", **body})
        return id_

    def deliver(self, message: int) -> None:
        self.wait()
        self.put(MessageKind.DELIVER, message, *self._ends[message], None)

    def drop(self, message: int) -> None:
        self.wait()
        self.put(MessageKind.DROP, message, *self._ends[message], None)

    def duplicate(self, message: int) -> None:
        self.wait()
        self.put(MessageKind.DUPLICATE, message, *self._ends[message], None)

    def tell(self, src: str, dest: str) -> None:
        """Send a message that arrives."""
        self.deliver(self.send(src, dest))

    def event(self, type_: EventType, process: int | str, f: str, **more: Any) -> int:
        index = len(self.events)
        self.events.append(
            Event(index=index, time=self.now, type=type_, process=process, f=f, **more)
        )
        return index

    def ask(
        self, process: int, f: str, node: str, value: Any = None, *, final: bool = False
    ) -> Request:
        """Invoke an operation and send its request."""
        self.wait()
        index = self.event("invoke", process, f, value=value, node=node, final=final)
        number = self._sent[process] = self._sent.get(process, 0) + 1
        self.now -= MS
        id_ = self.send(f"c{process}", node, type=f, msg_id=number, value=value)
        return Request(id_, index, number, process, f, node)

    def reply(self, request: Request, *, src: str | None = None, **body: Any) -> int:
        """Send a reply, ok unless the body says otherwise."""
        body = {"type": f"{request.f}_ok", "in_reply_to": request.number, **body}
        return self.send(src or request.node, f"c{request.process}", **body)

    def end(self, request: Request, type_: EventType, value: Any = None) -> int:
        return self.event(
            type_, request.process, request.f, value=value, node=request.node
        )

    def answer(self, request: Request, value: Any = None) -> None:
        """Deliver a request, and the ok reply to it."""
        self.deliver(request.id)
        self.deliver(self.reply(request))
        self.end(request, "ok", value)

    def give_up(self, request: Request) -> None:
        self.wait()
        self.end(request, "info")

    def do(
        self,
        process: int,
        f: str,
        node: str,
        value: Any = None,
        output: Any = None,
        *,
        final: bool = False,
    ) -> int:
        """Carry out an operation, and return its index."""
        request = self.ask(process, f, node, value, final=final)
        self.answer(request, value if output is None else output)
        return request.index

    def history(self) -> History:
        return History.from_events(self.events)

    def save(self, path: Path) -> None:
        """Write the journal."""
        with JournalWriter(path) as writer:
            for each in self.messages:
                writer.record(
                    each.kind, each.time, each.id, each.src, each.dest, each.body
                )


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture(scope="session")
def new_wire() -> Callable[[], Wire]:
    return Wire
