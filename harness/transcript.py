"""Feeds a scripted conversation to one node and compares what it answers.

A file has cases; a case has messages to feed and the replies that clients are to get.
The services are there while a case runs, and peers are silent. Where several replies
are right, `match` says how far a reply may differ.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import tempfile
import time
from collections import Counter, deque
from random import Random
from typing import IO, TYPE_CHECKING, Any

import msgspec

from .errors import UsageError


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from .services import Service

_CHUNK_BYTES = 65536
_GRACE_S = 0.5
"""How long a node may take to end, and so to say more than it should."""

_canonical = msgspec.json.Encoder(order="deterministic").encode


class Match(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far a reply may differ from the one that is listed; by default not at all.

    Attributes:
        ignore: Fields of the body that are not compared.
        unordered: Fields whose lists are compared without regard to order.
        extra_fields: Whether a body may have more fields than listed.
        extra_messages: Whether replies that are not listed may come in between.
    """

    ignore: tuple[str, ...] = ()
    unordered: tuple[str, ...] = ()
    extra_fields: bool = False
    extra_messages: bool = False


class Message(msgspec.Struct, frozen=True):
    """An envelope; what else is in it is of no account."""

    src: str
    dest: str
    body: dict[str, Any]


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One conversation.

    Attributes:
        name: What it shows.
        input: Messages for the node, fed all at once.
        expect: Replies to clients, in order.
        match: How far they may differ.
        timeout_ms: How long the node may take for all of it.
    """

    name: str
    input: tuple[dict[str, Any], ...]
    expect: tuple[Message, ...]
    match: Match = Match()
    timeout_ms: int = 5000


class Transcript(msgspec.Struct, frozen=True):
    """The cases of one task."""

    task: str
    cases: tuple[Case, ...]


class Mismatch(msgspec.Struct, frozen=True):
    """The first difference between what a node said and what it should have said.

    Attributes:
        case: The name of the case.
        position: Which reply, counted from 0.
        expected: The reply that was due; None if no more was.
        found: What came instead; None if nothing did.
        text: The difference in words.
        stderr: The last lines that the node wrote to standard error.
    """

    case: str
    position: int
    expected: Message | None
    found: Message | None
    text: str
    stderr: str = ""

    def __str__(self) -> str:
        lines = [f"{self.case}: reply {self.position + 1}: {self.text}"]
        for label, message in (("expected", self.expected), ("found", self.found)):
            if message is not None:
                lines.append(f"  {label:8} {msgspec.json.encode(message).decode()}")
        lines += [f"  stderr   {line}" for line in self.stderr.splitlines()]
        return "\n".join(lines)


def load_transcript(path: Path) -> Transcript:
    """Read a file of cases.

    Raises:
        UsageError: It can't be read, or is no transcript.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Transcript)
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise UsageError(
            f"{path} is no transcript: {error}. A transcript is an object with a task "
            "and cases, each of them with a name, input and expect."
        ) from error


def run_transcript(
    case: Case,
    argv: Sequence[str],
    env: Mapping[str, str],
    *,
    services: Mapping[str, Callable[[], Service]],
) -> Mismatch | None:
    """Run one case on a fresh process; return the first difference, or None.

    No process is left behind. Services draw from a fixed seed, so that a node that
    behaves the same gets the same answers.

    Args:
        case: The conversation.
        argv: How to start the node.
        env: What to add to the environment.
        services: Makes each of the services that the node may call.
    """
    with tempfile.TemporaryFile() as stderr:
        try:
            node = Talk(argv, env, stderr, services)
        except OSError as error:
            text = f"{argv[0]} can't be started: {error.strerror}"
            return Mismatch(case.name, 0, _first(case.expect), None, text)
        try:
            mismatch = _compare(case, node)
        finally:
            node.end()
        if mismatch is None:
            return None
        stderr.seek(0)
        tail = stderr.read().decode(errors="replace").splitlines()[-8:]
        return msgspec.structs.replace(mismatch, stderr="\n".join(tail))


def _compare(case: Case, node: Talk) -> Mismatch | None:
    """Hold each reply against the next one listed, and wait for one too many."""
    deadline = time.monotonic() + case.timeout_ms / 1000
    node.feed(case.input)
    passed_over = None
    replies = node.replies(deadline)
    for position, expected in enumerate(case.expect):
        for found in replies:
            text = _difference(expected, found, case.match)
            if text is None:
                break
            if isinstance(found, str) or not case.match.extra_messages:
                seen = found if isinstance(found, Message) else None
                return Mismatch(case.name, position, expected, seen, text)
            passed_over = found
        else:
            text = node.silence(case.timeout_ms)
            if passed_over is not None:
                text += "; the last reply that did not fit is shown"
            return Mismatch(case.name, position, expected, passed_over, text)
    if case.match.extra_messages:
        return None
    node.close_input()
    position = len(case.expect)
    for found in node.replies(min(deadline, time.monotonic() + _GRACE_S)):
        if isinstance(found, str):
            return Mismatch(case.name, position, None, None, found)
        return Mismatch(case.name, position, None, found, "one reply too many")
    return None


def _difference(expected: Message, found: Message | str, match: Match) -> str | None:
    """Say in what a reply differs from the one that is due, if it does."""
    if isinstance(found, str):
        return found
    for part in ("src", "dest"):
        due, got = getattr(expected, part), getattr(found, part)
        if due != got:
            return f"{part} is {got!r}, not {due!r}"
    for name, due in expected.body.items():
        if name in match.ignore:
            continue
        if name not in found.body:
            return f"the field {name!r} is missing"
        if not _is_same(due, found.body[name], ordered=name not in match.unordered):
            return f"{name} is {_show(found.body[name])}, not {_show(due)}"
    extra = found.body.keys() - expected.body.keys() - set(match.ignore)
    if extra and not match.extra_fields:
        return f"there are fields that should not be: {', '.join(sorted(extra))}"
    return None


def _is_same(due: Any, got: Any, *, ordered: bool) -> bool:
    """Tell whether two JSON values are equal, types included."""
    if not ordered and isinstance(due, list) and isinstance(got, list):
        return Counter(map(_canonical, due)) == Counter(map(_canonical, got))
    return _canonical(due) == _canonical(got)


def _show(value: Any) -> str:
    return _canonical(value).decode()


def _first(messages: Sequence[Message]) -> Message | None:
    return messages[0] if messages else None


class Talk:
    """A node process, with the services at its disposal."""

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        stderr: IO[bytes],
        services: Mapping[str, Callable[[], Service]],
    ) -> None:
        self._services = {name: make() for name, make in services.items()}
        self._rng = Random(0)
        self._process = subprocess.Popen(
            list(argv),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=os.environ | env,
            bufsize=0,
            start_new_session=True,
        )
        assert self._process.stdin is not None, "it was asked for"
        assert self._process.stdout is not None, "it was asked for"
        self._stdin = self._process.stdin
        self._stdout = self._process.stdout
        os.set_blocking(self._stdin.fileno(), False)
        self._unsent = b""
        self._rest = b""
        self._arrived: deque[Message | str] = deque()
        self._is_silent = False

    def feed(self, messages: Sequence[dict[str, Any]]) -> None:
        """Queue messages for the node."""
        self._unsent += b"".join(msgspec.json.encode(each) + b"\n" for each in messages)

    def close_input(self) -> None:
        """Let the node see the end of its input."""
        self._unsent = b""
        self._stdin.close()

    def replies(self, deadline: float) -> Iterator[Message | str]:
        """Yield messages to clients as they come, and what is no message as a text.

        Ends at the deadline, or when the node has closed its output.
        """
        while True:
            while self._arrived:
                yield self._arrived.popleft()
            if self._is_silent or not self._is_ready(deadline):
                return
            chunk = os.read(self._stdout.fileno(), _CHUNK_BYTES)
            self._is_silent = not chunk
            *lines, self._rest = (self._rest + (chunk or b"\n")).split(b"\n")
            for line in filter(None, lines):
                self._take(line)

    def silence(self, timeout_ms: int) -> str:
        """Say why there are no more replies."""
        if not self._is_silent:
            return f"nothing came within {timeout_ms} ms"
        try:
            status = self._process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            return "the node closed its output"
        if status < 0:
            return f"the node was killed by {signal.Signals(-status).name}"
        return f"the node exited with code {status}"

    def end(self) -> None:
        """Let nothing of the node be left."""
        with contextlib.suppress(ProcessLookupError):  # all of it has ended already
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._stdin.close()
        self._stdout.close()

    def _is_ready(self, deadline: float) -> bool:
        """Wait for output, and write input meanwhile; False at the deadline."""
        while (left_s := deadline - time.monotonic()) > 0:
            writers = [self._stdin] if self._unsent else []
            readable, writable, _ = select.select([self._stdout], writers, [], left_s)
            if writable:
                try:
                    sent = os.write(self._stdin.fileno(), self._unsent)
                    self._unsent = self._unsent[sent:]
                except BrokenPipeError:
                    self._unsent = b""  # it no longer listens, but may have spoken
            if readable:
                return True
        return False

    def _take(self, line: bytes) -> None:
        """Keep what is for a client, answer what is for a service."""
        try:
            message = msgspec.json.decode(line, type=Message)
        except msgspec.MsgspecError as error:
            shown = line[:200].decode(errors="replace")
            self._arrived.append(f"not a message ({error}): {shown}")
            return
        service = self._services.get(message.dest)
        if message.dest.startswith("c"):
            self._arrived.append(message)
        elif service is not None:
            body = service.handle(message.src, message.body, self._rng)
            answer = {**body, "in_reply_to": message.body.get("msg_id")}
            self.feed([{"src": message.dest, "dest": message.src, "body": answer}])
