"""What can be wrong with what is read, and how it is said.

    HistoryError
    ├── MalformedError      a line or a chunk is not what its format asks for
    ├── UnsupportedError    a history of a kind that is known and not read
    ├── PairingError        well-formed events that cannot be one history
    ├── RecordingError      a test records its operations wrongly
    └── RunError            a folder is not a run, or lacks a part of one

Each says where, what was found, what was expected, and what to do about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from pathlib import Path


class HistoryError(Exception):
    """The base of all errors of this package.

    Attributes:
        found: What was found, as it stands in the sentence.
        expected: What was expected instead.
        advice: What to do about it: one sentence or more.
        path: The file or folder; None for events that come from no file.
        line: The line in the file, counted from 1, where there is one.
        column: The character in the line, counted from 1, where it is known.
    """

    def __init__(
        self,
        found: str,
        expected: str,
        advice: str,
        *,
        path: Path | str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        # Positional arguments only, so that pools of processes can pickle it.
        super().__init__(found, expected, advice)
        self.found = found
        self.expected = expected
        self.advice = advice
        self.path = path
        self.line = line
        self.column = column

    def __str__(self) -> str:
        where = "" if self.path is None else f"{self.path}"
        if self.line is not None:
            where += f"{', ' if where else ''}line {self.line}"
        if self.column is not None:
            where += f", column {self.column}"
        where += ": " if where else ""
        return f"{where}found {self.found}; expected {self.expected}. {self.advice}"


class MalformedError(HistoryError):
    """A line is no event, or a chunk of a journal is damaged: repair the file."""


class UnsupportedError(HistoryError):
    """A file is a history of a kind that is not read: wait for a later release."""


class PairingError(HistoryError):
    """Invocations and completions do not fit together: repair what records them."""


class RecordingError(HistoryError):
    """A test says too little, too much, or at the wrong time: correct the test."""


class RunError(HistoryError):
    """A folder is no run, or a file of the run is missing or unreadable."""
