"""What a run leaves besides its history: how nodes and network behaved."""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a node did against the protocol, with its evidence.

    Attributes:
        kind: A key of `histories.PROBLEM_KINDS`.
        node: The node that did it; None where it cannot be told.
        sentence: What happened and what to do, in plain English.
        evidence: The offending line, or the last lines of standard error.
        time: Nanoseconds since the start of the run, of the first occurrence.
        count: How often this kind was seen at this node.
    """

    kind: str
    node: str | None = None
    sentence: str
    evidence: str = ""
    time: int = 0
    count: int = 1


class NodeOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """How one node process ended.

    Attributes:
        name: The node.
        exit_code: Exit status; None while running or when killed by a signal.
        signal: Name of the signal that ended it, if one did.
        expected: Whether the harness ended it (end of the run or a fault).
        stderr_tail: The last lines that it wrote to standard error.
        restarts: How often faults had it started again.
    """

    name: str
    exit_code: int | None = None
    signal: str | None = None
    expected: bool = True
    stderr_tail: tuple[str, ...] = ()
    restarts: int = 0


class MessageCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Messages of one class of links.

    Attributes:
        sent: Messages handed to the network.
        received: Messages delivered.
        dropped: Messages that the network lost, by cause
            (`partition`, `loss`, `dead`, `overflow`, …).
        delayed: Messages that a fault delayed, by fault.
        duplicated: Messages of which a fault delivered a second copy, by fault.
    """

    sent: int = 0
    received: int = 0
    dropped: dict[str, int] = {}
    delayed: dict[str, int] = {}
    duplicated: dict[str, int] = {}


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a run that is in neither its spec nor its history.

    Attributes:
        aborted: Why the run ended before its main phase, or None.
        interrupted: Whether the user ended the run early.
        phases: Start of each phase reached, in ns since the start of the run:
            `setup`, `prepare`, `main`, `recovery`, `final`, `teardown`, `end`.
        problems: What nodes did against the protocol, in order of first occurrence.
        nodes: How each node process ended.
        messages: Counts for `all`, `clients` (a client at either end) and
            `servers` (the rest: between nodes, and nodes with services); and how many
            were sent between `nodes`.
        faults: What each fault did that was stopped: how many `times`, how often it was
            `effective`, and sums of the counts that it gave at its stops.
    """

    aborted: str | None = None
    interrupted: bool = False
    phases: dict[str, int] = {}
    problems: tuple[Problem, ...] = ()
    nodes: tuple[NodeOutcome, ...] = ()
    messages: dict[str, MessageCounts] = {}
    faults: dict[str, dict[str, int]] = {}
