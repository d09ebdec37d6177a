"""Assertions on measures."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from checkers import Measure, Reason, Verdict, check_assertions, parse_assertion


MEASURES = {
    "msgs-per-op": Measure(12.5),
    "stable-latency-p50": Measure(412.0, "ms"),
    "stable-latency-max": Measure(None, "ms"),
    "throughput": Measure(1000, "/s"),
    "ratio": Measure(0.1),
}


@pytest.mark.parametrize(
    "text",
    [
        "msgs-per-op < 30",
        "msgs-per-op<30",
        "  msgs-per-op   <=  12.5  ",
        "msgs-per-op == 12.5",
        "msgs-per-op > .5e1",
        "stable-latency-p50 < 500ms",
        "stable-latency-p50 < 0.5 s",
        "stable-latency-p50 == 412000us",
        "stable-latency-p50 >= 412ms",
        "throughput >= 1000/s",
        "ratio == 0.1",
        "ratio <= 0.1",
    ],
)
def test_what_holds_is_valid(text: Any) -> None:
    """Units are converted and numbers compared exactly."""
    result = check_assertions(MEASURES, [text])
    assert result.verdict is Verdict.VALID
    assert result.summary == "1 assertion holds."


@pytest.mark.parametrize(
    "text", ["msgs-per-op < 12.5", "stable-latency-p50 < 400ms", "ratio > 0.1"]
)
def test_what_does_not_hold_is_invalid(text: Any) -> None:
    """The measured value is told."""
    result = check_assertions(MEASURES, ["throughput > 1/s", text])
    assert result.verdict is Verdict.INVALID
    (anomaly,) = result.anomalies
    assert anomaly.name == "assertion-failed"
    assert [each["outcome"] for each in result.statistics["assertions"]] == [
        "holds",
        "failed",
    ]


def test_a_failure_reads_well() -> None:
    """What is, and what was asserted."""
    result = check_assertions(MEASURES, ["stable-latency-p50 < 0.4s"])
    assert result.summary == (
        "stable-latency-p50 is 412ms, and 'stable-latency-p50 < 0.4s' was asserted."
    )


def test_an_unknown_name_lists_near_ones() -> None:
    """A typing error is found, not passed over."""
    result = check_assertions(MEASURES, ["stable-latency-p5 < 400ms"])
    assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.MALFORMED)
    assert "did you mean stable-latency-p50" in result.summary


def test_a_name_near_to_nothing_lists_all() -> None:
    """Without a near name all are listed."""
    result = check_assertions({"a": Measure(1)}, ["zzz < 1"])
    assert "there are a." in result.summary


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("stable-latency-p50 < 400", "give the number a unit"),
        ("throughput > 5ms", "with /s"),
        ("msgs-per-op < 5ms", "leave out the unit"),
    ],
)
def test_a_unit_that_does_not_fit_is_malformed(text: Any, advice: Any) -> None:
    """A duration without unit is not guessed at."""
    result = check_assertions(MEASURES, [text])
    assert result.reason is Reason.MALFORMED
    assert advice in result.summary


def test_a_measure_without_value_says_nothing() -> None:
    """There was nothing to measure."""
    result = check_assertions(MEASURES, ["stable-latency-max < 600ms"])
    assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.VACUOUS)


def test_a_false_assertion_outweighs_a_malformed_one() -> None:
    """INVALID over UNKNOWN."""
    result = check_assertions(MEASURES, ["nonsense", "msgs-per-op < 1"])
    assert result.verdict is Verdict.INVALID


def test_asserting_nothing_says_nothing() -> None:
    """No assertion, no pass."""
    assert check_assertions(MEASURES, []).reason is Reason.VACUOUS


@pytest.mark.parametrize(
    "text",
    ["", "a", "a <", "< 3", "a = 3", "a != 3", "a < b", "a < 3 parsecs", "a<1<2"],
)
def test_what_is_no_assertion_is_rejected_with_an_example(text: Any) -> None:
    """The error says how to write one."""
    with pytest.raises(ValueError, match="write it like"):
        parse_assertion(text)


def test_numbers_are_exact() -> None:
    """A bound is a fraction, free of rounding."""
    assert parse_assertion("x < 0.1s").bound == Fraction(100)
    assert parse_assertion("x < 250µs").bound == Fraction(1, 4)
