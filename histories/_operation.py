"""What an event and an operation are."""

from __future__ import annotations

from typing import Any, Literal

import msgspec


EventType = Literal["invoke", "ok", "fail", "info"]
Status = Literal["ok", "fail", "info"]

NEMESIS = "nemesis"
"""The process name under which faults are recorded."""


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a recorded history: an invocation or a completion.

    Names and meaning are Jepsen's. Order comes from `index`, never from `time`.

    Attributes:
        index: Position in the history, unique and ascending.
        time: Nanoseconds since the start of the run.
        type: `invoke`; `ok` (took effect), `fail` (did not), `info` (unknown).
        process: A client process, or the name of a non-client such as the nemesis.
        f: What is done, such as `read` or `add`.
        value: Argument of an invocation; argument or result of a completion.
        error: Why a completion is `fail` or `info`.
        final: Whether the operation belongs to the final reads.
        node: The node that the operation was sent to.
        extra: Every other key of the line, kept as it was.
    """

    index: int
    time: int
    type: EventType
    process: int | str
    f: str
    value: Any = None
    error: Any = None
    final: bool = False
    node: str | None = None
    extra: dict[str, Any] = msgspec.field(default_factory=dict)


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """An invocation together with its completion.

    Attributes:
        index: Index of the invocation; what anomalies cite.
        process: The client process.
        node: The node that it was sent to, where that was recorded.
        f: What was done.
        input: The invoked value.
        output: The value of the `ok` completion; None for any other status.
        status: `ok`, `fail`, or `info` (also for a dangling invocation).
        start: Index of the invocation.
        end: Index of the `ok` or `fail` completion. None for `info`: such an
            operation may take effect at any time from `start` on, or never.
        start_time: Nanoseconds since the start of the run.
        end_time: Time of the completion of whatever status; None if there is none.
        error: Why the status is `fail` or `info`.
        final: Whether it belongs to the final reads.
    """

    index: int
    process: int
    node: str | None
    f: str
    input: Any
    output: Any
    status: Status
    start: int
    end: int | None
    start_time: int
    end_time: int | None
    error: Any = None
    final: bool = False
