"""Sums of subsets, against their enumeration."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from checkers.counters._sums import RunningSums, SubsetSums, subset_sums, unit_of


def enumerate_sums(deltas: list[int]) -> set[int]:
    return {
        sum(chosen)
        for size in range(len(deltas) + 1)
        for chosen in combinations(deltas, size)
    }


DELTAS = st.lists(st.integers(-6, 9) | st.sampled_from([-40, 40, 100]), max_size=9)


@given(DELTAS, st.integers(-5, 5))
def test_subset_sums_are_exactly_the_sums_of_subsets(
    deltas: list[int], base: int
) -> None:
    """Membership, bounds and ranges agree with the enumeration."""
    sums = subset_sums(deltas, base=base)
    expected = {base + total for total in enumerate_sums(deltas)}
    assert sums.exact
    assert (sums.low, sums.high) == (min(expected), max(expected))
    around = range(sums.low - 2, sums.high + 3)
    assert {value for value in around if value in sums} == expected
    ranges = sums.ranges(1000)
    assert {v for low, high in ranges for v in range(low, high + 1)} == expected
    assert all(right[0] > left[1] + 1 for left, right in pairwise(ranges))


@given(DELTAS, st.integers(-300, 300))
def test_distance_leads_to_the_next_sum(deltas: list[int], value: int) -> None:
    """The way to the next sum above, or back to the greatest."""
    sums = subset_sums(deltas)
    expected = enumerate_sums(deltas)
    above = [total for total in expected if total >= value]
    assert sums.distance(value) == (min(above) if above else max(expected)) - value


@given(DELTAS)
def test_running_sums_contain_every_sum_and_only_those_while_exact(
    deltas: list[int],
) -> None:
    """What is outside is proof at any time; what is inside, while exact."""
    sums = RunningSums(unit_of(deltas))
    for position, delta in enumerate(deltas):
        sums.add(delta)
        expected = enumerate_sums(deltas[: position + 1])
        around = range(min(expected) - 2, max(expected) + 3)
        contained = {value for value in around if value in sums}
        assert contained >= expected
        assert contained == expected or not sums.exact
        assert (sums.low, sums.high) == (min(expected), max(expected))


def test_running_sums_of_many_sizes_become_bounds() -> None:
    """Sums in too many ranges are taken for one range, and said to be."""
    sums = RunningSums()
    for exponent in range(10):
        sums.add(10**exponent)
    assert not sums.exact
    assert 5 in sums
    assert 1_111_111_112 not in sums


def test_sums_that_span_too_much_become_bounds() -> None:
    """Beyond the limit every value between the bounds counts as a sum."""
    sums = subset_sums([2**40, 2**40 - 1, -3])
    assert sums == SubsetSums(low=-3, high=2**41 - 1, bits=None)
    assert not sums.exact
    assert 5 in sums
    assert 2**41 not in sums
    assert sums.ranges(5) == [(-3, 2**41 - 1)]
    assert sums.distance(5) == 0


def test_many_equal_deltas_are_cheap() -> None:
    """A million ones are twenty shifts."""
    assert subset_sums([1] * 1_000_000).ranges(2) == [(0, 1_000_000)]
