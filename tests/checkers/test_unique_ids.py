"""Unique ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from checkers import Reason, Verdict, check_unique_ids


if TYPE_CHECKING:
    from histories import History

    from .conftest import Story


def generated(story: Story, *ids: Any, **more: Any) -> History:
    return story.history([story.op("generate", None, each, **more) for each in ids])


def test_different_ids_are_valid(story: Story) -> None:
    """Ids of numbers have a range."""
    result = check_unique_ids(generated(story, 3, 1, 2))
    assert result.verdict is Verdict.VALID
    assert result.statistics["range"] == [1, 3]
    assert result.measures["acknowledged-count"].value == 3


def test_an_id_twice_is_a_duplicate(story: Story) -> None:
    """All operations that got it are cited, and how often is told."""
    result = check_unique_ids(generated(story, "a", "b", "a", "a"))
    assert result.verdict is Verdict.INVALID
    (anomaly,) = result.anomalies
    assert anomaly.name == "duplicate-id"
    assert anomaly.operations == (0, 4, 6)
    assert anomaly.data["times"] == 3
    assert result.statistics["duplicated"] == {'"a"': 3}
    assert result.measures["duplicated-count"].value == 1


@pytest.mark.parametrize("kind", ["list", "object"])
def test_ids_may_be_any_json(story: Story, kind: Any) -> None:
    """Equal lists and objects are duplicates, whatever the order of keys."""
    left, right = {
        "list": ([1, "a"], [1, "a"]),
        "object": ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    }[kind]
    assert check_unique_ids(generated(story, left, right)).verdict is Verdict.INVALID


def test_types_tell_ids_apart(story: Story) -> None:
    """1, 1.0, true, "1" and null all differ, and have no range."""
    result = check_unique_ids(generated(story, 1, 1.0, True, "1", None))
    assert result.verdict is Verdict.VALID
    assert result.statistics["range"] is None


def test_only_ok_operations_hand_out_ids(story: Story) -> None:
    """What an indeterminate operation would have returned is not known."""
    history = story.history(
        story.op("generate", None, 1),
        story.op("generate", None, 1, status="info"),
        story.op("generate", None, 2),
    )
    assert check_unique_ids(history).verdict is Verdict.VALID


@pytest.mark.parametrize("ids", [(), (1,)], ids=["none", "one"])
def test_fewer_than_two_ids_say_nothing(story: Story, ids: Any) -> None:
    """A single id has nothing to differ from."""
    assert check_unique_ids(generated(story, *ids)).reason is Reason.VACUOUS


def test_other_operations_are_unsupported(story: Story) -> None:
    """The history is one of another workload."""
    assert check_unique_ids(story.history(story.read(1))).reason is Reason.UNSUPPORTED
