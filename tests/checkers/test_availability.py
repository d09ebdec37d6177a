"""Availability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from checkers import Reason, Verdict, check_availability


if TYPE_CHECKING:
    from histories import History

    from .conftest import Story


def nine_of_ten(story: Story) -> History:
    return story.history(
        [story.add(1) for _ in range(9)], story.add(1, status="info", node="n1")
    )


@pytest.mark.parametrize("required", [None, 0.0, 0.5, 0.9])
def test_enough_is_valid(story: Story, required: Any) -> None:
    """At least what was required, exactly as much included."""
    result = check_availability(nine_of_ten(story), required=required)
    assert result.verdict is Verdict.VALID
    assert result.measures["availability"].value == 0.9


@pytest.mark.parametrize("required", [0.91, 1.0])
def test_too_little_is_invalid(story: Story, required: Any) -> None:
    """The operations that did not succeed are cited."""
    result = check_availability(nine_of_ten(story), required=required)
    assert result.verdict is Verdict.INVALID
    (anomaly,) = result.anomalies
    assert (anomaly.name, anomaly.operations) == ("unavailable", (18,))
    assert "9 of 10 operations succeeded, 90.00%" in anomaly.sentence


def test_no_operation_says_nothing(story: Story) -> None:
    """Nothing invoked is neither available nor not."""
    for required in (None, 1.0):
        result = check_availability(story.history(), required=required)
        assert result.reason is Reason.VACUOUS


def test_what_is_no_fraction_is_rejected(story: Story) -> None:
    """90 is no fraction."""
    with pytest.raises(ValueError, match="from 0 to 1, not 90"):
        check_availability(story.history(), required=90)
