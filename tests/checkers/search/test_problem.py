"""Histories as integers."""

from __future__ import annotations

from checkers.models import CasRegister
from checkers.search import OPEN, problems
from histories import Event, History


def test_a_history_becomes_integers() -> None:
    """Failed operations and open reads are left out, and events have no gaps."""
    story = [
        (0, "invoke", "write", 3),
        (1, "invoke", "read", None),
        (2, "invoke", "cas", [3, 4]),
        (1, "ok", "read", 3),
        (0, "ok", "write", 3),
        (3, "invoke", "write", 9),
        (3, "fail", "write", 9),
        (2, "info", "cas", [3, 4]),
        (4, "invoke", "read", None),
    ]
    history = History.from_events(
        Event(index=i, time=i * 10, type=type_, process=process, f=f, value=value)
        for i, (process, type_, f, value) in enumerate(story)
    )
    [problem] = problems(history, CasRegister())
    assert list(problem.operations) == [0, 1, 2]
    assert list(problem.calls) == [0, 1, 2]
    assert list(problem.returns) == [4, 3, OPEN]
    describe = problem.automaton.describe_class
    assert [describe(cls) for cls in problem.classes] == [
        "write 3",
        "read → 3",
        "cas 3 → 4",
    ]
