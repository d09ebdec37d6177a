"""What is said of a counter without a search is true, and names what shows it."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.models import GCounter
from checkers.search import PROGRAM, Budget
from checkers.search.polynomial import SEARCHES
from checkers.search.polynomial._counter_bounds import contradiction
from checkers.search.polynomial._counter_search import METHOD, _Search

from .kinds import KINDS
from .told import told


if TYPE_CHECKING:
    from checkers.search import Problem

    from .told import Deed


def violation(*deeds: Deed) -> dict[str, Any]:
    """What a counter-search says of deeds."""
    answer = SEARCHES[METHOD](told(GCounter(), *deeds), PROGRAM, None)
    assert answer
    assert answer.outcome == "no"
    assert answer.nodes == 0, "nothing was searched"
    return answer.explanation


def effects(problem: Problem) -> tuple[list[int], list[int | None]] | None:
    """What each operation adds and reads; None if deltas are negative."""
    calls = [problem.automaton.call(cls) for cls in problem.classes]
    initial = problem.automaton.model.initial
    delta = [call.input if call.f == "add" else 0 for call in calls]
    read = [
        call.output - initial if call.f == "read" and call.known else None
        for call in calls
    ]
    if min(delta, default=0) < 0 or any(r is not None and r < 0 for r in read):
        return None
    return delta, read


@given(seed=st.integers(min_value=0, max_value=2**64))
@settings(max_examples=500, deadline=None)
def test_a_search_finds_nothing_where_there_is_a_contradiction(seed: int) -> None:
    """Bounds are sound: the search alone says no as well."""
    problem, _ = KINDS["counter-search"].problem(Random(seed))
    found = effects(problem)
    if found is None or not contradiction(problem, *found, METHOD):
        return
    budget = Budget(nodes=100_000)
    assert _Search(problem, *found).run(budget.nodes, budget.is_over) is False


def test_reads_of_a_process_go_back() -> None:
    """Both reads are named."""
    assert violation(
        (0, "add", 3, 3, 0, 1),
        (0, "add", 1, 1, 2, 3),
        (1, "read", None, 4, 4, 5),
        (1, "read", None, 3, 6, 7),
    ) == {"violation": "reads-go-back", "operations": [2, 3]}


def test_a_process_does_not_see_its_add() -> None:
    """The read before the add is named, the add, and the read after it."""
    assert violation(
        (0, "add", 2, 2, 0, 1),
        (1, "read", None, 2, 2, 3),
        (1, "add", 1, 1, 4, 5),
        (1, "read", None, 2, 6, 7),
    ) == {"violation": "add-not-seen", "operations": [1, 2, 3]}


def test_a_process_sees_a_part_of_its_add() -> None:
    """The add is greater than all that was added between the reads."""
    assert violation(
        (0, "add", 10, 10, 0, 1),
        (0, "read", None, 9, 2, 3),
        (1, "add", 9, 9, 4, 5),
    ) == {
        "violation": "add-without-room",
        "operations": [0],
        "begin": 0,
        "end": 9,
    }


def test_another_process_sees_a_part_of_an_add() -> None:
    """No gap has room for all of it, as that read lies between those around it."""
    assert violation(
        (0, "add", 10, 10, 0, 1),
        (0, "read", None, 10, 2, 3),
        (1, "read", None, 9, 4, 5),
        (1, "add", 9, 9, 6, 7),
        (2, "add", 1, 1, 8, 9),
    ) == {
        "violation": "add-without-room",
        "operations": [0],
        "begin": 0,
        "end": 10,
    }


def test_more_is_added_between_two_reads_than_they_differ_by() -> None:
    """All the adds are named, and what they are between."""
    assert violation(
        (0, "add", 3, 3, 0, 1),
        (0, "read", None, 5, 2, 3),
        (1, "add", 4, 4, 4, 5),
        (1, "read", None, 5, 6, 7),
    ) == {
        "violation": "too-much-added",
        "operations": [0, 2],
        "begin": 0,
        "end": 5,
    }


def test_less_is_added_than_was_read() -> None:
    """Adds of a process after its read of the sum do not count."""
    assert violation(
        (0, "add", 3, 3, 0, 1),
        (1, "read", None, 5, 2, 3),
        (1, "add", 2, 2, 4, 5),
    ) == {
        "violation": "too-little-added",
        "operations": [1],
        "needed": 5,
        "possible": 3,
    }


def test_an_open_add_may_be_left_out_or_used() -> None:
    """Neither is a contradiction."""
    for seen in (0, 7):
        problem = told(
            GCounter(),
            (0, "add", 7, None, 0, None),
            (1, "add", 2, 2, 1, 2),
            (1, "read", None, seen + 2, 3, 4),
        )
        answer = SEARCHES[METHOD](problem, PROGRAM, None)
        assert answer
        assert answer.outcome == "yes"
