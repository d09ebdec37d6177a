"""What a drawing says of an operation, beside those that it is drawn with."""

from __future__ import annotations

from typing import Any

import pytest

from histories import Event, History
from reports._deeds import acts


def deeds(*calls: tuple[str, Any, Any]) -> list[str]:
    """Return what operations did, each by another process: f, input, output."""
    events = []
    for at, (f, given, gave) in enumerate(calls):
        common = {"process": at, "f": f}
        for type_, value in (("invoke", given), ("ok", gave)):
            index = len(events)
            events.append(
                Event(index=index, time=index, type=type_, value=value, **common)
            )
    operations = list(History.from_events(events).operations())
    return [act.does for act in acts(operations)]


LETTERS = [chr(97 + at) for at in range(26)]
WORD = "".join(LETTERS)


@pytest.mark.parametrize(
    ("update", "read", "told"),
    [
        (("add", "c", "c"), LETTERS, 'read → "c" in 26 elements'),
        (("add", "C", "C"), LETTERS, 'read → no "C" in 26 elements'),
        (("broadcast", 7, 7), list(range(40)), "read → 7 in 40 elements"),
        (("broadcast", True, 1), list(range(40)), "read → no true in 40 elements"),
        (
            ("add", {"item": "c", "quantity": 1}, 2),
            [{"item": each, "quantity": 2} for each in LETTERS],
            'read → ["c", 2] in 26 elements',
        ),
        (
            ("insert", {"index": 9, "char": "k"}, "k1"),
            WORD,
            'read → "…jkl…" in 26 char',
        ),
        (("insert", {"index": 9, "char": "K"}, "k1"), WORD, 'read → no "K" in 26 char'),
        (("delete", {"index": 9}, None), WORD, 'read → "abcdefghijklmnopqrst…"'),
        (("add", "c", "c"), ["a", "c"], 'read → ["a", "c"]'),
        (("add", "c", "c"), 123, "read → 123"),
    ],
)
def test_of_a_long_list_or_text_what_others_are_about_is_told(
    update: tuple[str, Any, Any], read: Any, told: str
) -> None:
    """Nobody finds the lack of an element in the beginning of a list."""
    assert deeds(update, ("read", None, read))[1].startswith(told)


def test_what_is_found_in_several_places_is_told_in_order() -> None:
    """Letters that stand side by side are one piece."""
    calls = [("insert", {"index": 0, "char": each}, None) for each in "xbc"]
    assert deeds(*calls, ("read", None, WORD))[3] == (
        'read → "…abcd…wxy…" in 26 characters'
    )
    assert deeds(("add", "z", 1), ("add", "Z", 1), ("read", None, LETTERS))[2] == (
        'read → "z", no "Z" in 26 elements'
    )


def test_the_key_of_a_read_is_not_sought_in_its_result() -> None:
    """What a read was asked for is no value of it."""
    told = deeds(("write", ["x", 1], None), ("read", "x", LETTERS))[1]
    assert told.startswith('read "x" → ["a", "b", ')


def test_a_long_name_does_not_fill_a_drawing() -> None:
    """What is sought is cut like all else."""
    told = deeds(("add", "x" * 999, 1), ("read", None, LETTERS))[1]
    assert len(told) < 60
