"""What proves a yes, and what does not."""

from __future__ import annotations

import pytest

from checkers.search import PROGRAM, REAL_TIME, relaxed, verify

from .written_problems import register_problem


W1, W2, R1, R2 = ("write", 1), ("write", 2), ("read", 1), ("read", 2)
WRITES = ((0, 2, W1), (1, 3, W2), (4, 5, R1))


@pytest.mark.parametrize(
    ("witness", "why"),
    [
        ([0, 1, 2], "the read is illegal"),
        ([1, 0], "an operation that returned is missing"),
        ([1, 0, 2, 2], "one is there twice"),
        ([1, 0, 2, 3], "one does not exist"),
        ([0, 2, 1], "the read came after both writes"),
    ],
)
def test_what_is_wrong(witness: list[int], why: str) -> None:
    """A witness has all operations once, in an order that is legal and kept."""
    assert not verify(register_problem(*WRITES), REAL_TIME, witness), why


def test_what_is_right() -> None:
    """Concurrent operations may come in any order."""
    assert verify(register_problem(*WRITES), REAL_TIME, [1, 0, 2])


def test_open_operations_are_optional_and_never_early() -> None:
    """What never returned may be missing, but is not before its call."""
    problem = register_problem((0, 1, W1), (2, None, W2), (3, 4, R1), (5, 6, R2))
    assert verify(problem, REAL_TIME, [0, 2, 1, 3])
    assert not verify(problem, REAL_TIME, [0, 2, 3])
    early = register_problem((0, 1, R2), (2, None, W2))
    assert not verify(early, REAL_TIME, [1, 0])
    assert verify(early, PROGRAM, [1, 0])


def test_orders_differ() -> None:
    """A stale read is in program order, if it is no process's second thought."""
    stale = ((0, 1, W1), (2, 3, W2), (4, 5, R1))
    alone = register_problem(*stale)
    assert not verify(alone, REAL_TIME, [0, 2, 1])
    assert verify(alone, PROGRAM, [0, 2, 1])
    assert not verify(alone, relaxed(1), [0, 2, 1])
    assert verify(alone, relaxed(2), [0, 2, 1])
    same = register_problem(*stale, processes=[0, 1, 1])
    assert not verify(same, PROGRAM, [0, 2, 1])
    assert not verify(same, relaxed(2), [0, 2, 1])
