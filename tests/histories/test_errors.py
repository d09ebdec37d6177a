"""Errors of histories say where, what was found, what was expected, what to do."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from histories import HistoryError, MalformedError, PairingError, RunError


def test_message_has_all_parts() -> None:
    """The message is file, line, found, expected and advice, in this order."""
    error = HistoryError("7", "a word", "Write one.", path=Path("h.jsonl"), line=3)
    assert str(error) == "h.jsonl, line 3: found 7; expected a word. Write one."


@pytest.mark.parametrize(
    ("path", "line", "beginning"),
    [(None, None, "found"), ("a", None, "a: found"), (None, 2, "line 2: found")],
)
def test_message_leaves_out_what_is_unknown(
    path: str | None, line: int | None, beginning: str
) -> None:
    """Without a file or a line the message does not speak of one."""
    error = HistoryError("x", "y", "Z.", path=path, line=line)
    assert str(error).startswith(beginning)


@pytest.mark.parametrize("kind", [MalformedError, PairingError, RunError])
def test_errors_travel_between_processes(kind: type[HistoryError]) -> None:
    """An error comes out of pickling as it went in, place included."""
    error = pickle.loads(pickle.dumps(kind("x", "y", "Z.", path="h", line=1)))
    assert type(error) is kind
    assert str(error) == "h, line 1: found x; expected y. Z."
