"""What operations and histories are, and how they are kept.

Reading order: `_operation` (events and operations), `_columns` and `_pairing` (how
a history holds and pairs them), `_history` (what it answers) and
`_operation_columns` (the same for who reads millions), `_jsonl` and
`_recorder` (how events come from and go to disk), `_recording` and `_recording_log` (how
a test of one's own records them), `_journal` (the messages),
`_store` (the folder of a run), `_outcome` and `_problems` (how nodes behaved),
`_frame` (tables for statistics), `edn` (the notation of Clojure, by `_edn_lines`,
`_edn_prefixes` and `_edn_atoms`) and `foreign` (histories that others have recorded),
`_errors` (what can be wrong with all of it). `_files` writes files that are whole, and
`_collector` keeps the garbage collector away from millions of objects.
"""

from __future__ import annotations

from ._errors import (
    HistoryError,
    MalformedError,
    PairingError,
    RecordingError,
    RunError,
    UnsupportedError,
)
from ._frame import write_parquet
from ._history import History
from ._journal import Journal, JournalWriter, Message, MessageKind, read_journal
from ._jsonl import read_history, write_history
from ._operation import NEMESIS, Event, EventType, Operation, Status
from ._operation_columns import OperationColumns
from ._outcome import MessageCounts, NodeOutcome, Outcome, Problem
from ._problems import PROBLEM_KINDS, ProblemKind
from ._recorder import Recorder
from ._recording import RecordedOperation, Recording
from ._store import Run, Store
from .foreign import (
    FORMATS,
    WRITABLE,
    Format,
    Loaded,
    load_history,
    looks_like_history,
    write_format,
)


__all__ = [
    "FORMATS",
    "NEMESIS",
    "PROBLEM_KINDS",
    "WRITABLE",
    "Event",
    "EventType",
    "Format",
    "History",
    "HistoryError",
    "Journal",
    "JournalWriter",
    "Loaded",
    "MalformedError",
    "Message",
    "MessageCounts",
    "MessageKind",
    "NodeOutcome",
    "Operation",
    "OperationColumns",
    "Outcome",
    "PairingError",
    "Problem",
    "ProblemKind",
    "RecordedOperation",
    "Recorder",
    "Recording",
    "RecordingError",
    "Run",
    "RunError",
    "Status",
    "Store",
    "UnsupportedError",
    "load_history",
    "looks_like_history",
    "read_history",
    "read_journal",
    "write_format",
    "write_history",
    "write_parquet",
]
