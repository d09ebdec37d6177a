"""Clients: one outstanding request each, and what its outcome means.

The mapping of outcomes is Maelstrom's: a definite error is `fail`; any other error,
a timeout or a malformed reply is `info`, or `fail` where the request has no effect.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

import msgspec

from .network import CLIENT
from .problems import clip
from .rpc import MalformedBodyError, decode_body
from .services import ERRORS


if TYPE_CHECKING:
    from collections.abc import Callable

    from histories import EventType

    from .agenda import Agenda
    from .network import Endpoint, Network, Packet
    from .problems import ProblemLog
    from .rpc import ReplyReader

_encode = msgspec.json.Encoder().encode


class Completion(msgspec.Struct, frozen=True, gc=False):
    """How an operation ended."""

    type: EventType
    value: Any = None
    error: Any = None


class Client:
    """An address that sends requests and awaits replies, one at a time."""

    role = CLIENT
    refuses: str | None = None

    def __init__(self, name: str, network: Network, problems: ProblemLog) -> None:
        self.name = name
        self._network = network
        self._problems = problems
        self._last_id = 0
        self._reader: ReplyReader | None = None
        self._invoked: Any = None
        self._dest: Endpoint | None = None
        self._done: Callable[[Completion], None] | None = None
        network.attach(self)

    @property
    def busy(self) -> bool:
        """Whether a request is outstanding."""
        return self._done is not None

    @property
    def last_id(self) -> int:
        """The `msg_id` of the last request."""
        return self._last_id

    def call(
        self,
        dest: Endpoint,
        reader: ReplyReader,
        value: Any,
        done: Callable[[Completion], None],
        **fields: Any,
    ) -> None:
        """Send a request; `done` is called once, with its completion."""
        assert self._done is None, "a client has one request at a time"
        self._last_id += 1
        body = reader.call.body(self._last_id, value, fields)
        self._reader = reader
        self._invoked = value
        self._dest = dest
        self._done = done
        self._network.send(self, dest, _encode(body))

    def deliver(self, packet: Packet) -> None:
        """Complete the outstanding request if this answers it."""
        try:
            body = decode_body(packet.body)
        except MalformedBodyError as error:
            self._note("malformed-reply", packet, str(error))
            return
        answered = body.get("in_reply_to")
        answers = type(answered) is int and answered == self._last_id
        if self._done is None or not answers:
            self._note_stray(packet, answered)
            return
        self._finish(self._read(packet, body))

    def give_up(self, error: str) -> None:
        """End the outstanding request without an answer."""
        assert self._reader is not None, "a request is outstanding"
        idempotent = self._reader.call.idempotent
        self._finish(Completion("fail" if idempotent else "info", error=error))

    def _finish(self, completion: Completion) -> None:
        done = self._done
        assert done is not None, "a request is outstanding"
        self._done = None
        done(completion)

    def _read(self, packet: Packet, body: dict[str, Any]) -> Completion:
        """Return what a reply means."""
        assert self._reader is not None, "a request is outstanding"
        reader = self._reader
        if body.get("type") == "error":
            return self._read_error(packet, body)
        try:
            value = reader.read(self._invoked, body)
        except MalformedBodyError as error:
            self._note("malformed-reply", packet, str(error))
            return self._unknown(["malformed-reply", str(error)])
        extra = reader.extra_fields(body)
        if extra:
            self._note(
                "extra-field", packet, f"unknown fields {', '.join(map(repr, extra))}"
            )
        return Completion("ok", value)

    def _read_error(self, packet: Packet, body: dict[str, Any]) -> Completion:
        code, text = body.get("code"), body.get("text", "")
        known = ERRORS.get(code) if type(code) is int else None
        if type(code) is not int:
            self._note("error-without-code", packet, "an error without integer code")
        elif known is None and code < 1_000:
            self._note("unknown-error-code", packet, f"the unknown error code {code}")
        error = [known.name if known else "unknown", text]
        if known is not None and known.definite:
            return Completion("fail", error=error)
        return self._unknown(error)

    def _unknown(self, error: Any) -> Completion:
        assert self._reader is not None, "a request is outstanding"
        idempotent = self._reader.call.idempotent
        return Completion("fail" if idempotent else "info", error=error)

    def _note(self, kind: str, packet: Packet, found: str) -> None:
        request = self._reader.call.rpc.name if self._reader else "a request"
        self._problems.note(
            kind,
            packet.src,
            f"{packet.src} answered {request} of {self.name} with {clip(found)}.",
            packet.body.decode("utf-8", "backslashreplace"),
        )

    def _note_stray(self, packet: Packet, answered: Any) -> None:
        """Note a reply to nothing that is outstanding."""
        if type(answered) is int and 0 < answered <= self._last_id:
            kind, found = "late-reply", f"its request {answered}, which had ended"
        else:
            kind, found = "unexpected-reply", f"in_reply_to {answered!r}"
            if self._done is not None:
                found += f" while request {self._last_id} was outstanding"
        self._problems.note(
            kind,
            packet.src,
            f"{packet.src} sent {self.name} a reply to {found}; it was ignored.",
            packet.body.decode("utf-8", "backslashreplace"),
        )


class ClientPool:
    """Hands out clients under fresh names, and ends requests that take too long."""

    def __init__(
        self,
        agenda: Agenda,
        network: Network,
        problems: ProblemLog,
        *,
        timeout_ns: int,
    ) -> None:
        """Make a pool without clients."""
        self._agenda = agenda
        self._network = network
        self._problems = problems
        self._timeout_ns = timeout_ns
        # Every request has the same timeout, so that the oldest is always first.
        self._deadlines: deque[tuple[int, Client, int]] = deque()

    def open(self, name: str) -> Client:
        """Return a new client of that name, which must not have been used before."""
        return Client(name, self._network, self._problems)

    def close(self, client: Client) -> None:
        """Make a client unreachable."""
        self._network.detach(client.name)

    def call(
        self,
        client: Client,
        dest: Endpoint,
        reader: ReplyReader,
        value: Any,
        done: Callable[[Completion], None],
        **fields: Any,
    ) -> None:
        """Send a request that ends by itself after the timeout."""
        client.call(dest, reader, value, done, **fields)
        if client.busy:
            deadline = self._agenda.now + self._timeout_ns
            self._deadlines.append((deadline, client, client.last_id))

    def expire(self) -> int | None:
        """End what is overdue; return when the next request may be, or None."""
        deadlines = self._deadlines
        while deadlines:
            deadline, client, request = deadlines[0]
            outstanding = client.busy and client.last_id == request
            if outstanding and deadline > self._agenda.now:
                return deadline
            deadlines.popleft()
            if outstanding:
                client.give_up("timeout")
        return None
