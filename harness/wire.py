"""Reads what a node printed and puts it on the network.

Whatever a node prints, the run goes on: a line that is no message is counted as a
problem with the line as evidence, and nothing else happens because of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from .problems import clip


if TYPE_CHECKING:
    from .network import Endpoint, Network
    from .problems import ProblemLog


class _Envelope(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """Exactly the keys that the protocol knows."""

    src: str
    dest: str
    body: msgspec.Raw
    id: int | None = None


class _LooseEnvelope(msgspec.Struct, gc=False):
    """The keys that are needed, whatever else there is."""

    src: str
    dest: str
    body: msgspec.Raw = msgspec.Raw(b"{}")


_decode = msgspec.json.Decoder(_Envelope).decode
_decode_loosely = msgspec.json.Decoder(_LooseEnvelope).decode


class Gateway:
    """Where lines of nodes become messages."""

    def __init__(self, network: Network, problems: ProblemLog) -> None:
        self._network = network
        self._problems = problems

    def receive(self, node: Endpoint, line: bytes) -> bool:
        """Send the message that a line holds; note and say if it holds none."""
        try:
            envelope: _Envelope | _LooseEnvelope = _decode(line)
            if not line.isascii():
                line.decode()  # A body is passed on unread: whoever gets it must not
                # be the one who fails on what is no text.
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            loose = self._diagnose(node, line)
            if loose is None:
                return False
            envelope = loose
        dest = self._network.find(envelope.dest)
        if dest is None:
            self._miss(node, envelope, line)
            return True
        if envelope.src != node.name:
            self._problems.note(
                "forged-source",
                node.name,
                f"{node.name} sent a message with source {clip(envelope.src)!r}; "
                f"a node's messages carry its own id, {node.name!r}, as src.",
                _text(line),
            )
        self._network.send(node, dest, bytes(envelope.body))
        return True

    def _miss(
        self, node: Endpoint, envelope: _Envelope | _LooseEnvelope, line: bytes
    ) -> None:
        """Tell an address that never was from a client that gave up waiting."""
        dest = envelope.dest
        if self._network.was_attached(dest):
            self._network.send_late(node, dest, bytes(envelope.body))
            self._problems.note(
                "late-reply",
                node.name,
                f"{node.name} answered client {dest} after it had given up waiting; "
                "the operation is recorded as indeterminate.",
                _text(line),
            )
            return
        self._problems.note(
            "unknown-destination",
            node.name,
            f"{node.name} sent a message to {clip(dest)!r}, which does not exist; "
            "it was dropped.",
            _text(line),
        )

    def _diagnose(self, node: Endpoint, line: bytes) -> _LooseEnvelope | None:
        """Note why the line is not a proper message; return it if it can go on."""
        shown = clip(_text(line))
        name = node.name
        note = self._problems.note
        try:
            value = msgspec.json.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            note(
                "not-json",
                name,
                f"{name} printed a line that is not JSON ({error}): {shown!r}. "
                "Standard output is for messages, one JSON object a line; "
                "log to standard error.",
                _text(line),
            )
            return None
        if not isinstance(value, dict):
            note(
                "not-an-object",
                name,
                f"{name} printed JSON that is not an object: {shown!r}. "
                "A message is an object with src, dest and body.",
                _text(line),
            )
            return None
        try:
            envelope = _decode_loosely(line)
        except msgspec.MsgspecError as error:
            note(
                "bad-envelope",
                name,
                f"{name} printed a message with a wrong envelope ({error}): {shown!r}. "
                "A message needs src and dest as strings, and a body.",
                _text(line),
            )
            return None
        extra = sorted(value.keys() - {"src", "dest", "body", "id"})
        if extra:
            found = f"the unknown top-level fields {', '.join(map(repr, extra))}"
        elif "body" not in value:
            found = "no body"
        else:
            found = "an id that is not an integer"
        note(
            "bad-envelope",
            name,
            f"{name} printed a message with {found}; it was delivered all the same: "
            f"{shown!r}.",
            _text(line),
        )
        return envelope


def _text(line: bytes) -> str:
    """Return a line as text, whatever bytes it holds."""
    return line.decode("utf-8", "backslashreplace")
