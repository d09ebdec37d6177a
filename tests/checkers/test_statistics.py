"""Counts, latencies and messages per operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers import Reason, Verdict, check_availability, check_statistics
from checkers._quantiles import quantile
from histories import MessageCounts, Outcome


if TYPE_CHECKING:
    from .conftest import Story


def test_operations_are_counted_by_kind_and_status(story: Story) -> None:
    """All statuses, overall and by function."""
    history = story.history(
        story.add(1),
        story.add(1, status="fail"),
        story.read(status="dangling"),
        story.read(1),
    )
    result = check_statistics(history)
    assert result.verdict is Verdict.VALID
    assert result.statistics["count"] == 4
    assert result.statistics["by-f"] == {
        "add": {"count": 2, "ok": 1, "fail": 1, "info": 0},
        "read": {"count": 2, "ok": 1, "fail": 0, "info": 1},
    }
    assert result.measures["ok-rate"].value == 0.5


def test_latencies_are_those_of_ok_operations(story: Story) -> None:
    """Overall and by function, in ms."""
    history = story.history(
        story.add(1, at=(0, 2)),
        story.add(1, at=(3, 9), status="info"),
        story.read(1, at=(10, 14)),
        story.read(1, at=(20, 28)),
    )
    measures = check_statistics(history).measures
    assert measures["latency-p50"].value == 4
    assert measures["latency-max"].value == 8
    assert measures["latency-max"].unit == "ms"
    assert measures["add-latency-p99"].value == 2
    assert measures["read-latency-p50"].value == 4
    assert measures["throughput"].value == pytest.approx(3 / 0.028)
    assert measures["throughput"].unit == "/s"


def test_a_kind_of_operation_that_never_succeeded_says_nothing(story: Story) -> None:
    """UNKNOWN, with the kind and its counts."""
    history = story.history(
        story.add(1), story.read(status="info"), story.read(status="fail")
    )
    result = check_statistics(history)
    assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.VACUOUS)
    assert "no read succeeded (1 info and 1 fail)" in result.summary


def test_what_nodes_need_not_know_may_never_succeed(story: Story) -> None:
    """It is counted as everything else."""
    history = story.history(story.add(1), story.read(status="fail"))
    result = check_statistics(history, optional={"read"})
    assert result.verdict is Verdict.VALID
    assert result.statistics["by-f"]["read"]["fail"] == 1


def test_an_empty_history_says_nothing(story: Story) -> None:
    """Nothing was invoked; there are no numbers."""
    result = check_statistics(story.history(), outcome=Outcome())
    assert result.reason is Reason.VACUOUS
    assert result.measures["ok-rate"].value is None
    assert result.measures["latency-p50"].value is None
    assert result.measures["msgs-per-op"].value is None


def test_messages_are_counted_per_operation(story: Story) -> None:
    """As Maelstrom does: by invocations, services among the servers."""
    outcome = Outcome(
        messages={"all": MessageCounts(sent=30), "servers": MessageCounts(sent=10)}
    )
    history = story.history(story.add(1), story.add(1, status="info"))
    measures = check_statistics(history, outcome=outcome).measures
    assert measures["msgs-per-op"].value == 15
    assert measures["server-msgs-per-op"].value == 5


@given(st.lists(st.integers(), min_size=1), st.sampled_from([0.5, 0.95, 0.99, 1.0]))
def test_a_quantile_is_the_least_value_that_covers_the_fraction(
    values: list[int], fraction: float
) -> None:
    """The nearest-rank definition, by enumeration."""
    ordered = sorted(values)
    assert quantile(ordered, fraction) == min(
        value
        for value in ordered
        if sum(other <= value for other in ordered) >= fraction * len(ordered)
    )


def test_polls_during_recovery_count_nowhere(story: Story) -> None:
    """Reads that watch nodes recover are not what was asked for; final reads are."""
    outcome = Outcome(
        phases={"recovery": 20_000_000},
        messages={"all": MessageCounts(sent=30), "servers": MessageCounts(sent=10)},
    )
    history = story.history(
        story.add(1, at=(0, 2)),
        story.read(1, at=(3, 5), status="fail"),
        story.read(0, at=(20, 29)),
        story.read(1, at=(30, 39)),
        story.read(1, at=(40, 41), final=True),
    )
    result = check_statistics(history, outcome=outcome)
    assert result.statistics["count"] == 3
    assert result.measures["ok-rate"].value == pytest.approx(2 / 3)
    assert result.measures["latency-max"].value == 2
    assert result.measures["msgs-per-op"].value == pytest.approx((30 - 4) / 3)
    assert result.measures["server-msgs-per-op"].value == pytest.approx(10 / 3)
    availability = check_availability(history, required=0.6, outcome=outcome)
    assert availability.measures["availability"].value == pytest.approx(2 / 3)


def test_what_clients_had_no_more_of_is_told(story: Story) -> None:
    """Of a function that was invoked often, by a fifth of the main phase or more."""
    rare = story.op("size", at=(1000, 1001))
    adds = [story.add(1, at=(1010 + 10 * n, 1015 + 10 * n)) for n in range(20)]
    reads = [story.read(0, at=(1012 + 10 * n, 1017 + 10 * n)) for n in range(100)]
    late = story.read(0, at=(2900, 2901)), *story.final(0)
    phases = {"main": 900_000_000, "recovery": 2_500_000_000}
    for made, early in (
        ((rare, *adds, *reads), {"add": "0.8 s of 1.1 s"}),
        ((rare, *adds, *reads[:20]), None),
        ((rare, *adds[1:], *reads), None),
    ):
        result = check_statistics(
            story.history(*made, *late), outcome=Outcome(phases=phases)
        )
        assert result.statistics.get("ended-early") == early
        alone = check_statistics(story.history(*made, *late))
        assert "ended-early" not in alone.statistics
