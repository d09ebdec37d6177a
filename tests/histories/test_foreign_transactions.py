"""Transactions as text: sessions, but no times."""

from __future__ import annotations

from io import BytesIO

import pytest

from histories import MalformedError, load_history


TEXT = """\
w 1 5
r 2 0
-----
r 1 5
=====

w 2 7
-----
w 3 0
r 3 0
=====
"""


def test_sessions_become_processes() -> None:
    """A transaction is an operation, a session a process; real time is unknown."""
    loaded = load_history(BytesIO(TEXT.encode()))
    assert loaded.format == "awdit"
    assert [
        (each.process, each.f, each.output) for each in loaded.history.operations()
    ] == [
        (0, "txn", [["w", 1, 5], ["r", 2, None]]),
        (1, "txn", [["w", 2, 7]]),
        (0, "txn", [["r", 1, 5]]),
        (1, "txn", [["w", 3, 0], ["r", 3, 0]]),
    ]
    assert next(loaded.history.operations()).input == [["w", 1, 5], ["r", 2, None]]
    assert loaded.has_sessions
    assert not loaded.has_real_time
    assert not loaded.has_times
    assert any(note.startswith("The file has no times") for note in loaded.notes)
    assert any(note.startswith("A read of 0 from a key") for note in loaded.notes)


def test_transactions_of_a_row_are_concurrent() -> None:
    """The first transactions of all sessions are open together, then the second."""
    loaded = load_history(BytesIO(TEXT.encode()))
    types = [event.type for event in loaded.history.events()]
    assert types == ["invoke", "invoke", "ok", "ok"] * 2


def test_another_line_is_told() -> None:
    """An error has the line and what was expected there."""
    with pytest.raises(MalformedError, match=r"line 2: found `x 1 2`; expected `r key"):
        load_history(BytesIO(b"r 1 2\nx 1 2\n"))


@pytest.mark.parametrize("start", ["=====\n", "-----\n=====\r\n\n", "\n"])
def test_a_session_may_be_empty(start: str) -> None:
    """Also the first, by which the format is told."""
    loaded = load_history(BytesIO((start + TEXT).encode()))
    assert loaded.format == "awdit"
    assert len(list(loaded.history.operations())) == 4
