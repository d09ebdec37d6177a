"""The catalogue of problems is complete in itself."""

from __future__ import annotations

import pytest

from histories import PROBLEM_KINDS, ProblemKind


TOLERATED_BY_MAELSTROM = {
    "closed-stdin",
    "closed-stdout",
    "error-without-code",
    "fault-failed",
    "flood",
    "late-reply",
    "log-overflow",
    "line-too-long",
    "queue-overflow",
    "slow-exit",
    "unread-input",
    "unexpected-reply",
    "unflushed-output",
    "unknown-error-code",
}


@pytest.mark.parametrize("kind", PROBLEM_KINDS.values(), ids=list(PROBLEM_KINDS))
def test_each_kind_teaches(kind: ProblemKind) -> None:
    """A kind is found by its name, has a heading, and advises in sentences."""
    assert PROBLEM_KINDS[kind.name] is kind
    assert kind.title
    assert not kind.title.endswith(".")
    assert kind.advice.endswith(".")


def test_strict_is_what_maelstrom_rejects() -> None:
    """Kinds that Maelstrom lets pass do not fail a strict run."""
    tolerated = {kind.name for kind in PROBLEM_KINDS.values() if not kind.strict}
    assert tolerated == TOLERATED_BY_MAELSTROM
