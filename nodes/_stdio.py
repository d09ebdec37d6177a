"""Runs a node as a process: messages on standard input and output, a line each."""

from __future__ import annotations

import json
import os
import select
import sys
import time

from .errors import CRASH


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from ._disk import Disk
    from .runtime import Node

    Taker = Callable[[type[Node], Sequence[str]], None]

STDIN, STDOUT = 0, 1
CHUNK_BYTES = 65536

taker: Taker | None = None
"""Who takes a program and its arguments instead, if it is not to be served here."""

_encode = json.JSONEncoder(
    allow_nan=False, check_circular=False, separators=(",", ":")
).encode
_decode = json.JSONDecoder().decode


def run(node_class: type[Node], arguments: Sequence[str] | None = None) -> None:
    """Be the node until standard input ends, then return.

    Return as well, quietly, when nobody reads standard output any more.

    Args:
        node_class: The program.
        arguments: What the node gets as `arguments`; by default the command line's.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if taker is not None:
        taker(node_class, given)
        return
    try:
        serve(node_class(given, **_surroundings(os.environ)), STDIN, STDOUT)
    except (BrokenPipeError, KeyboardInterrupt):
        # What a `print` has left in Python's own buffer has no reader either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), STDOUT)


def _surroundings(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return what the variables of the harness say about the node's process.

    Disk and clock are imported when the node first asks for them: many never do.
    """

    def disk() -> Disk:
        from ._disk import FileDisk, MemoryDisk

        folder = environment.get("HARNESS_DISK")
        return FileDisk(folder) if folder else MemoryDisk()

    def clock_ns() -> int:
        from ._clock import wall_clock_ns

        return wall_clock_ns(environment.get("HARNESS_CLOCK"))

    return {
        "seed": environment.get("HARNESS_SEED"),
        "disk": disk,
        "clock": clock_ns,
        "epoch": int(environment.get("HARNESS_EPOCH") or 0),
    }


def serve(node: Node, stdin: int, stdout: int) -> None:
    """Drive a node from one file descriptor to another until the input ends.

    Every turn reads what there is, handles all of it, lets happen what is due, and
    writes all that the node has to say at once.

    Raises:
        BrokenPipeError: Nobody reads the output.
    """
    rest = b""
    is_open = True
    while is_open:
        lines = []
        deadline_ns = node.next_deadline()
        if deadline_ns is None or _is_readable(stdin, until_ns=deadline_ns):
            chunk = os.read(stdin, CHUNK_BYTES)
            is_open = bool(chunk)
            *lines, rest = (rest + (chunk or b"\n")).split(b"\n")
        node.now_ns = time.monotonic_ns()
        for line in lines:
            if message := parse_line(line):
                node.receive(message)
        node.advance(time.monotonic_ns())
        if messages := node.take_outbox():
            _write(stdout, "".join(map(line_of, messages)).encode())


def _is_readable(stdin: int, *, until_ns: int) -> bool:
    wait_s = max(0.0, (until_ns - time.monotonic_ns()) / 1e9)
    return bool(select.select([stdin], [], [], wait_s)[0])


def parse_line(line: bytes) -> dict[str, Any] | None:
    """Decode a message; complain on standard error about anything else."""
    if not line or line.isspace():
        return None
    try:
        message = _decode(line.decode())
        if isinstance(message["body"], dict) and isinstance(message["src"], str):
            return dict(message)
        problem = "src is no string or body is no object"
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        problem = f"{type(error).__name__}: {error}"
    _complain(f"not a message ({problem}): {line[:200]!r}")
    return None


def line_of(message: dict[str, Any]) -> str:
    """Encode a message; of one that is no JSON at least the requester hears."""
    try:
        return _encode(message) + "\n"
    except (ValueError, TypeError, RecursionError) as error:
        body = message["body"]
        text = f"{body.get('type')} can't be sent as JSON: {error}"
        _complain(text)
        if "in_reply_to" not in body:
            return ""
        numbers = {key: body[key] for key in ("in_reply_to", "msg_id")}
        refusal = {"type": "error", "code": CRASH, "text": text, **numbers}
        return _encode({**message, "body": refusal}) + "\n"


def _write(stdout: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(stdout, rest) :]
        except BlockingIOError:  # somebody made the pipe non-blocking: wait for room
            select.select([], [stdout], [])


def _complain(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
