"""The catalogue of what a node can do against the protocol."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec


if TYPE_CHECKING:
    from collections.abc import Mapping


class ProblemKind(msgspec.Struct, frozen=True, kw_only=True):
    """A way in which a node can break the protocol.

    Attributes:
        name: What `Problem.kind` refers to.
        title: The kind in a few words, as a heading.
        advice: What the author of the node can do about it.
        strict: Whether Maelstrom rejects it, and so does `--strict`.
    """

    name: str
    title: str
    advice: str
    strict: bool = True


_KINDS = (
    ProblemKind(
        name="spawn-failed",
        title="The node could not be started",
        advice="Give `--bin` a path that exists and is executable (`chmod +x`), whose first line names an interpreter that exists (`#!/usr/bin/env python3`).",
    ),
    ProblemKind(
        name="init-timeout",
        title="No answer to init",
        advice="Answer `init` with `init_ok`, on a line of its own, and flush standard output after each line.",
    ),
    ProblemKind(
        name="init-error",
        title="An error in answer to init",
        advice='Answer `init` with `{"type":"init_ok","in_reply_to":…}`; the text of the error says what the node objects to.',
    ),
    ProblemKind(
        name="not-json",
        title="A line that is not JSON",
        advice="Standard output is for messages only: write logs to standard error, and each message as one line of JSON.",
    ),
    ProblemKind(
        name="not-an-object",
        title="A line that is not a JSON object",
        advice="Write each message as one object with `src`, `dest` and `body`.",
    ),
    ProblemKind(
        name="bad-envelope",
        title="A message without a proper src, dest or body",
        advice="A message has the strings `src` and `dest` and the object `body`, and nothing else; a `msg_id` belongs into the body.",
    ),
    ProblemKind(
        name="unknown-destination",
        title="A message to nobody",
        advice="Send to a name out of `node_ids`, to a client that has sent something, or to a service such as `lin-kv`.",
    ),
    ProblemKind(
        name="forged-source",
        title="A message in the name of another",
        advice="Set `src` to the `node_id` that came with `init`.",
    ),
    ProblemKind(
        name="unexpected-reply",
        title="A reply to no request",
        advice="Set `in_reply_to` to the `msg_id` of the request, reply to it once, and send the reply to its `src`.",
        strict=False,
    ),
    ProblemKind(
        name="late-reply",
        title="A reply after the timeout",
        advice="The client had given up, so the operation counts as indeterminate: answer sooner, with an error if need be, or raise `--timeout`.",
        strict=False,
    ),
    ProblemKind(
        name="malformed-reply",
        title="A reply that lacks a field or has one of the wrong type",
        advice="Compare the reply with the one that the workload asks for.",
    ),
    ProblemKind(
        name="extra-field",
        title="A reply with fields that nobody asked for",
        advice="Leave the field out: Maelstrom rejects replies with fields that the workload does not define.",
    ),
    ProblemKind(
        name="error-without-code",
        title="An error without a code",
        advice="Give the body of an error an integer `code`; without it the operation counts as indeterminate.",
        strict=False,
    ),
    ProblemKind(
        name="unknown-error-code",
        title="An error with a code that is not defined",
        advice="Codes from 1000 on are free for errors of your own; what they mean is unknown here, so the operation counts as indeterminate.",
        strict=False,
    ),
    ProblemKind(
        name="exited",
        title="A node ended by itself",
        advice="A node runs until its standard input ends; the last lines of its log say why it did not.",
    ),
    ProblemKind(
        name="killed",
        title="A node was ended by a signal",
        advice="SIGSEGV and SIGABRT are faults in the program, SIGKILL is often the system short of memory.",
    ),
    ProblemKind(
        name="closed-stdin",
        title="A node stopped reading",
        advice="Keep standard input open and read it until its end; messages for the node are lost from then on.",
        strict=False,
    ),
    ProblemKind(
        name="closed-stdout",
        title="A node closed its output",
        advice="Keep standard output open until standard input ends: a node that cannot answer is of no use.",
        strict=False,
    ),
    ProblemKind(
        name="unflushed-output",
        title="Output that came only at the end",
        advice="Flush standard output after each line: when it is a pipe, most languages keep lines back until a buffer is full.",
        strict=False,
    ),
    ProblemKind(
        name="line-too-long",
        title="A line that never ended",
        advice="End each message with a newline; send differences instead of the whole state if messages grow that large.",
        strict=False,
    ),
    ProblemKind(
        name="flood",
        title="More output than can be taken in",
        advice="Look for a loop that answers its own messages, or gossips without a pause.",
        strict=False,
    ),
    ProblemKind(
        name="queue-overflow",
        title="A node that does not keep up",
        advice="The node reads more slowly than messages for it arrive: read in a loop that never blocks on work, and send fewer messages.",
        strict=False,
    ),
    ProblemKind(
        name="fault-failed",
        title="A fault that failed",
        advice="This is a defect of the harness or of its surroundings, not of a node: the other faults went on, and all that can be healed was healed.",
        strict=False,
    ),
    ProblemKind(
        name="unread-input",
        title="A node that left messages unread",
        advice="Keep reading standard input; long work belongs beside it.",
        strict=False,
    ),
    ProblemKind(
        name="log-overflow",
        title="Too much on standard error",
        advice="Log less: only the last part of what a node logs is kept.",
        strict=False,
    ),
    ProblemKind(
        name="slow-exit",
        title="A node that had to be killed at the end",
        advice="End when standard input ends, within a second.",
        strict=False,
    ),
)

PROBLEM_KINDS: Mapping[str, ProblemKind] = MappingProxyType(
    {kind.name: kind for kind in _KINDS}
)
"""Every kind of problem by its name, in the order of a run."""
