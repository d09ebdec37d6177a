"""Sums in which each client has a digit: exact however wide, and whose adds are missing."""

from __future__ import annotations

import time
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers import Verdict, check_counter
from checkers.counters._digits import (
    DigitSums,
    RunningDigits,
    digits_of,
    excess_of,
    running_digits,
)
from checkers.counters._sums import subset_sums


if TYPE_CHECKING:
    from checkers import Anomaly, Result

    from .conftest import Op, Story


def enumerate_sums(deltas: list[int]) -> set[int]:
    sums = {0}
    for delta in deltas:
        sums |= {total + delta for total in sums}
    return sums


COUNTS = st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=4)
"""How often each power of five is added, and whether subtracted."""


def powers(counts: list[tuple[int, bool]], base: int = 5) -> list[int]:
    return [
        -(base**power) if negative else base**power
        for power, (count, negative) in enumerate(counts)
        for _ in range(count)
    ]


@given(COUNTS, st.integers(-9, 9))
def test_digits_are_exactly_the_sums_of_subsets(
    counts: list[tuple[int, bool]], base: int
) -> None:
    """Membership, bounds, ranges and counts agree with the enumeration."""
    deltas = powers(counts)
    sums = subset_sums(deltas, base=base)
    assert isinstance(sums, DigitSums)
    expected = {base + total for total in enumerate_sums(deltas)}
    assert (sums.low, sums.high) == (min(expected), max(expected))
    around = range(sums.low - 2, sums.high + 3)
    assert {value for value in around if value in sums} == expected
    shown = sums.ranges(1000)
    assert {v for low, high in shown for v in range(low, high + 1)} == expected
    assert all(right[0] > left[1] + 1 for left, right in pairwise(shown))
    for value in expected:
        told = sums.counts(value)
        assert base + sum(delta * count for delta, count in told.items()) == value
        assert all(told[delta] <= count for delta, count in Counter(deltas).items())


@given(COUNTS, st.integers(-700, 700))
def test_the_distance_is_to_the_next_sum(
    counts: list[tuple[int, bool]], value: int
) -> None:
    """The way to the next sum above, or back to the greatest."""
    deltas = powers(counts)
    expected = enumerate_sums(deltas)
    above = [total for total in expected if total >= value]
    goal = min(above) if above else max(expected)
    assert subset_sums(deltas).distance(value) == goal - value


@given(COUNTS, st.randoms(use_true_random=False))
def test_digits_that_arrive_one_by_one_are_exact(
    counts: list[tuple[int, bool]], rng: Any
) -> None:
    """In any order."""
    deltas = powers(counts)
    rng.shuffle(deltas)
    sums = running_digits(deltas)
    assert isinstance(sums, RunningDigits)
    for position, delta in enumerate(deltas):
        sums.add(delta)
        expected = enumerate_sums(deltas[: position + 1])
        assert (sums.low, sums.high) == (min(expected), max(expected))
        around = range(sums.low - 2, sums.high + 3)
        assert {value for value in around if value in sums} == expected


@given(st.lists(st.integers(-20, 20), max_size=6))
def test_only_what_tells_is_taken_for_digits(deltas: list[int]) -> None:
    """Where there are digits, no two choices of how many have one sum."""
    counts = Counter(delta for delta in deltas if delta)
    choices = 1
    for count in counts.values():
        choices *= count + 1
    if digits_of(counts) is not None:
        assert len(enumerate_sums(deltas)) == choices


@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(0, 15), st.booleans()),
        min_size=2,
        max_size=6,
    )
)
def test_what_is_shown_too_often_is_told(
    drawn: list[tuple[int, int, bool]],
) -> None:
    """As long as there is room for it in the sum."""
    deltas = [(-1) ** negative << 4 * at for at, (_, _, negative) in enumerate(drawn)]
    made = {delta: one[0] for delta, one in zip(deltas, drawn, strict=True)}
    shown = {delta: one[1] for delta, one in zip(deltas, drawn, strict=True)}
    digits = digits_of(made)
    assert digits is not None
    value = sum(delta * count for delta, count in shown.items())
    told = excess_of(digits, value)
    if any(shown[delta] > 3 * count for delta, count in made.items()):
        assert told == []
        return
    assert {one.delta: (one.shown, one.made) for one in told} == {
        delta: (count, made[delta])
        for delta, count in shown.items()
        if count > made[delta]
    }


@pytest.mark.parametrize(
    ("made", "value", "shown"),
    [
        ({1: 7, 1 << 5: 1, 1 << 7: 3}, 7 + (2 << 5), [(1 << 5, 2, 1)]),
        ({1: 7, 1 << 5: 2, 1 << 7: 3}, 7 + (3 << 5), []),
        ({1: 1, 1 << 2: 1}, 2, []),
    ],
)
def test_a_digit_of_few_bits_has_room_for_few_adds(
    made: dict[int, int], value: int, shown: list[tuple[int, int, int]]
) -> None:
    """Two bits, for an add that is counted twice; beside one of more bits."""
    digits = digits_of(made)
    assert digits is not None
    assert excess_of(digits, value) == shown


def only(result: Result, name: str) -> Anomaly:
    assert result.verdict is Verdict.INVALID
    (anomaly,) = (found for found in result.anomalies if found.fails)
    assert anomaly.name == name
    return anomaly


def adds(story: Story, counts: list[int], bits: int = 8) -> list[Op]:
    """Return adds of so many clients, each at a digit of its own, on a node of its own."""
    return [
        story.add(1 << bits * client, process=client, node=f"n{client}")
        for client, count in enumerate(counts)
        for _ in range(count)
    ]


def test_it_is_told_whose_adds_are_lost(story: Story) -> None:
    """Though nobody can name the adds, of which each client made many alike."""
    made = adds(story, [20, 30, 25])
    value = 20 + (27 << 8) + (25 << 16)
    anomaly = only(
        check_counter(story.history(made, story.final(value, "n0", "n1"))),
        "lost-update",
    )
    assert (
        " at least 3 adds of 75. The sum tells whose: 3 of 30 adds of +256 by process 1 "
        "(n1)." in anomaly.sentence
    )
    assert anomaly.data["missing-by-delta"] == [
        {"delta": 256, "missing": 3, "acknowledged": 30, "processes": [1]}
    ]


def test_it_is_told_whose_adds_a_stale_node_lacks(story: Story) -> None:
    """A node that has not heard of a client."""
    made = adds(story, [20, 30])
    history = story.history(
        made, story.final(20 + (30 << 8), "n0"), story.final(20, "n1")
    )
    anomaly = only(check_counter(history), "stale-final-read")
    assert "whose: all 30 adds of +256 by process 1 (n1)." in anomaly.sentence


def test_it_is_told_whose_adds_each_node_lacks(story: Story) -> None:
    """Nodes that lack the same are named together."""
    made = adds(story, [20, 30])
    finals = (story.final(20, "n0", "n1"), story.final(30 << 8, "n2", "n3"))
    anomaly = only(
        check_counter(story.history(made, finals[0], finals[1])), "divergence"
    )
    assert anomaly.sentence.endswith(
        " n0 and n1 lack all 30 adds of +256 by process 1 (n1). n2 and n3 lack all 20 adds "
        "of +1 by process 0 (n0)."
    )


def test_it_is_told_whose_adds_are_counted_twice(story: Story) -> None:
    """Though the value is less than all adds together."""
    made = adds(story, [20, 30])
    history = story.history(made, story.read(23), story.final(20 + (30 << 8)))
    anomaly = only(check_counter(history), "over-count")
    assert (
        " returned 23, which shows 23 adds of +1 where process 0 (n0) had made 20 by "
        "then: " in anomaly.sentence
    )
    assert anomaly.data["shown-too-often"] == [
        {"delta": 1, "shown": 23, "invoked": 20, "processes": [0]}
    ]


def test_half_an_add_is_no_add_of_others(story: Story) -> None:
    """Though the digits below say that there were many."""
    made = adds(story, [20, 30])
    history = story.history(made, story.read(128), story.final(20 + (30 << 8)))
    only(check_counter(history), "impossible-value")


def test_an_indeterminate_add_may_be_missing(story: Story) -> None:
    """One of a client, and no two; and nothing of the others."""
    made = adds(story, [20, 30])
    made.append(story.add(1 << 8, process=1, node="n1", status="info"))
    whole = 20 + (30 << 8)
    for value, verdict in (
        (whole, Verdict.VALID),
        (whole + 256, Verdict.VALID),
        (whole + 512, Verdict.INVALID),
        (whole - 1, Verdict.INVALID),
        (whole + 255, Verdict.INVALID),
    ):
        result = check_counter(story.history(made, story.final(value)))
        assert result.verdict is verdict
        assert result.complete


def test_sums_up_to_the_largest_of_json_cost_no_more(story: Story) -> None:
    """Neither memory nor time goes with the span of the sums."""
    counts = [120] * 6
    made = adds(story, counts)
    whole = sum(count << 8 * client for client, count in enumerate(counts))
    assert whole > 1 << 46
    reads = [story.read(whole - (1 << 40)) for _ in range(200)]
    began = time.process_time()
    result = check_counter(story.history(made, reads, story.final(whole)))
    assert result.verdict is Verdict.VALID
    assert result.complete
    assert time.process_time() - began < 2
