"""Runs a node as a process: messages on standard input and output, a line each."""

from __future__ import annotations

import json
import os
import select
import sys
import time


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from nodes.runtime import Node

CHUNK_BYTES = 65536

_encode = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


def run(node_class: type[Node], arguments: Sequence[str] | None = None) -> None:
    """Be the node until standard input ends, then return.

    Every turn reads what there is, handles all of it, and writes all answers at
    once. Return as well, quietly, when nobody reads standard output any more.

    Args:
        node_class: The program.
        arguments: What the node gets as `arguments`; by default the command line's.
    """
    given = sys.argv[1:] if arguments is None else arguments
    node = node_class(given, seed=os.environ.get("HARNESS_SEED"))
    try:
        _serve(node)
    except (BrokenPipeError, KeyboardInterrupt):
        # What is left in Python's own buffer has no reader either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _serve(node: Node) -> None:
    stdin, stdout = sys.stdin.fileno(), sys.stdout.fileno()
    rest = b""
    is_open = True
    while is_open:
        deadline_ns = node.next_deadline()
        if deadline_ns is None or _is_readable(stdin, until_ns=deadline_ns):
            chunk = os.read(stdin, CHUNK_BYTES)
            is_open = bool(chunk)
            *lines, rest = (rest + (chunk or b"\n")).split(b"\n")
        else:
            lines = []
        node.now_ns = time.monotonic_ns()
        for line in lines:
            message = _parse(line)
            if message is not None:
                node.receive(message)
        node.advance(time.monotonic_ns())
        _write(stdout, node.take_outbox())


def _is_readable(stdin: int, *, until_ns: int) -> bool:
    wait_s = max(0.0, (until_ns - time.monotonic_ns()) / 1e9)
    return bool(select.select([stdin], [], [], wait_s)[0])


def _parse(line: bytes) -> dict[str, Any] | None:
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
    sys.stderr.write(f"not a message ({problem}): {line[:200]!r}\n")
    sys.stderr.flush()
    return None


def _write(stdout: int, messages: list[dict[str, Any]]) -> None:
    if not messages:
        return
    lines = [_encode(message) for message in messages]
    lines.append("")
    data = memoryview("\n".join(lines).encode())
    while data:
        try:
            data = data[os.write(stdout, data) :]
        except BlockingIOError:  # somebody made the pipe non-blocking: wait for room
            select.select([], [stdout], [])
