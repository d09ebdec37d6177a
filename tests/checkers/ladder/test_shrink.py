"""Shrinking lists of operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from checkers.ladder._shrink import shrink


if TYPE_CHECKING:
    from collections.abc import Sequence


def _needs(*needed: int):  # noqa: ANN202 # a predicate
    return lambda operations: set(needed) <= set(operations)


@given(
    st.integers(1, 60).flatmap(
        lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n - 1), min_size=1))
    )
)
def test_what_is_needed_is_left(case: tuple[int, set[int]]) -> None:
    """If some operations fail together, and no others do, they are the result."""
    count, needed = case
    shrunk = shrink(range(count), _needs(*needed))
    assert set(shrunk.operations) == needed
    assert shrunk.before == count
    assert shrunk.is_minimal


@given(st.lists(st.sets(st.integers(0, 14), min_size=1), min_size=1, max_size=5))
def test_nothing_can_be_left_out_of_a_result(causes: list[set[int]]) -> None:
    """Whatever the causes: without any one operation, the rest does not fail."""

    def fails(operations: Sequence[int]) -> bool:
        return any(cause <= set(operations) for cause in causes)

    operations = shrink(range(15), fails, groupings=[lambda i: i % 3]).operations
    assert fails(operations)
    for left_out in operations:
        assert not fails([i for i in operations if i != left_out])


def test_groups_are_left_out_together_first() -> None:
    """A history of many keys that fails for one of them takes few checks."""
    needed = _needs(500, 510)
    alone = shrink(range(1000), needed)
    grouped = shrink(range(1000), needed, groupings=[lambda i: i % 10])
    assert grouped.operations == alone.operations == (500, 510)
    assert grouped.checks < 40


def test_checks_are_bounded() -> None:
    """Without checks left, what failed last is the result, and not called minimal."""
    shrunk = shrink(range(1000), _needs(1, 999), checks=3)
    assert shrunk.checks == 3
    assert not shrunk.is_minimal
    assert {1, 999} <= set(shrunk.operations)


def test_it_can_be_ended() -> None:
    """What is over is over at once."""
    shrunk = shrink([2, 1], _needs(1), is_over=lambda: True)
    assert shrunk == ((1, 2), 2, 0, False)


def test_it_is_deterministic() -> None:
    """The same history gives the same result in the same number of checks."""
    needed = _needs(3, 77, 40)
    assert shrink(range(100), needed) == shrink(range(100), needed)
