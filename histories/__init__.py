"""What operations and histories are, and how they are kept."""

from __future__ import annotations

from ._operation import NEMESIS, Event, EventType, Operation, Status
from ._outcome import MessageCounts, NodeOutcome, Outcome, Problem


__all__ = [
    "NEMESIS",
    "Event",
    "EventType",
    "MessageCounts",
    "NodeOutcome",
    "Operation",
    "Outcome",
    "Problem",
    "Status",
]
