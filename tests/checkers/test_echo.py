"""Echo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from checkers import Reason, Verdict, check_echo


if TYPE_CHECKING:
    from .conftest import Story


def test_answers_that_repeat_are_valid(story: Story) -> None:
    """What was sent came back."""
    history = story.history(story.op("echo", "hi", "hi"), story.op("echo", 1, 1))
    result = check_echo(history)
    assert result.verdict is Verdict.VALID
    assert result.summary == "All 2 answers repeat what was sent."


@pytest.mark.parametrize(
    ("sent", "came"),
    [("a", "b"), ("1", 1), (1, True), (1, 1.0), ("a", None), ([1], [1, 1])],
)
def test_another_answer_is_a_mismatch(story: Story, sent: Any, came: Any) -> None:
    """The witness has both values; types count."""
    result = check_echo(story.history(story.op("echo", sent, came)))
    assert result.verdict is Verdict.INVALID
    (anomaly,) = result.anomalies
    assert (anomaly.name, anomaly.operations) == ("echo-mismatch", (0,))
    assert anomaly.data["sent"] != anomaly.data["returned"]


def test_a_change_of_type_is_pointed_out(story: Story) -> None:
    """The types are named where they differ."""
    (anomaly,) = check_echo(story.history(story.op("echo", "1", 1))).anomalies
    assert anomaly.sentence == (
        'echo 0 (n0, process 1000, 0.001 s) sent "1" and got back 1 (a string became '
        "an integer)."
    )


def test_no_answer_is_no_mismatch(story: Story) -> None:
    """Timeouts count against availability, not here."""
    history = story.history(
        story.op("echo", "a", status="info"), story.op("echo", "b", "b")
    )
    assert check_echo(history).verdict is Verdict.VALID


def test_no_answer_at_all_says_nothing(story: Story) -> None:
    """UNKNOWN without any answer."""
    assert check_echo(story.history()).reason is Reason.VACUOUS
    history = story.history(story.op("echo", "a", status="info"))
    assert check_echo(history).reason is Reason.VACUOUS


def test_other_operations_are_unsupported(story: Story) -> None:
    """The history is one of another workload."""
    assert check_echo(story.history(story.read(1))).reason is Reason.UNSUPPORTED
