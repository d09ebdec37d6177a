"""Pairing agrees with a naive account of what a history is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from histories import (
    Event,
    EventType,
    History,
    PairingError,
    read_history,
    write_history,
)


if TYPE_CHECKING:
    from pathlib import Path
    from random import Random


TYPES: tuple[EventType, ...] = ("invoke", "ok", "fail", "info")


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    """Draw events of few processes in any sequence, mostly one that is possible."""
    running: dict[int, str] = {}
    drawn = []
    index = 0
    for _ in range(draw(st.integers(0, 12))):
        process = draw(st.integers(0, 2))
        sensible = draw(st.integers(0, 19)) > 0
        begins = (process not in running) == sensible
        f = draw(st.sampled_from("ab"))
        if begins:
            running[process] = f
        elif sensible:
            f = running.pop(process)
        index += draw(st.integers(1, 3))
        type_ = "invoke" if begins else draw(st.sampled_from(TYPES[1:]))
        drawn.append(
            Event(index=index, time=0, type=type_, process=process, f=f, value=index)
        )
    return drawn


def naive_operations(history: list[Event]) -> list[tuple[Event, Event | None]] | None:
    """Return invocations with completions, or None if it cannot be a history."""
    operations = []
    for process in {event.process for event in history}:
        own = [event for event in history if event.process == process]
        for i in range(0, len(own), 2):
            start, end = own[i], own[i + 1] if i + 1 < len(own) else None
            if start.type != "invoke":
                return None
            if end is not None and (end.type == "invoke" or end.f != start.f):
                return None
            operations.append((start, end))
    return sorted(operations, key=lambda pair: pair[0].index)


@given(events(), st.randoms(use_true_random=False))
def test_pairing_agrees_with_the_naive_one(history: list[Event], rng: Random) -> None:
    """What is paired, and what is rejected, is what the naive account says."""
    expected = naive_operations(history)
    shuffled = rng.sample(history, len(history))
    if expected is None:
        with pytest.raises(PairingError):
            History.from_events(shuffled)
        return
    operations = list(History.from_events(shuffled).operations())
    assert [
        (operation.index, operation.status, operation.end, operation.output)
        for operation in operations
    ] == [
        (
            start.index,
            end.type if end else "info",
            end.index if end and end.type != "info" else None,
            end.value if end and end.type == "ok" else None,
        )
        for start, end in expected
    ]


@pytest.mark.parametrize(
    ("second", "found"),
    [
        (("invoke", 0, "a"), "a second invocation by process 0 .* has not completed"),
        (("ok", 1, "a"), "'ok' by process 1 .*, which has no open operation"),
        (("ok", 0, "b"), "a completion of 'b' by process 0 .*, which had invoked 'a'"),
    ],
)
def test_what_does_not_pair_is_cited(
    second: tuple[EventType, int, str], found: str, tmp_path: Path
) -> None:
    """The error names the file and the line of the event that does not fit."""
    type_, process, f = second
    path = tmp_path / "h.jsonl"
    write_history(
        [
            Event(index=0, time=0, type="invoke", process=0, f="a"),
            Event(index=1, time=0, type=type_, process=process, f=f),
        ],
        path,
    )
    with pytest.raises(PairingError, match=rf"h\.jsonl, line 2: found {found}"):
        read_history(path)
