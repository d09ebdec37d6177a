"""Guarantees of lists that only grow agree with their definitions."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.ladder import settle
from checkers.ladder._levels import LEVELS
from checkers.ladder._limits import Limits
from checkers.ladder.sessions import judge_sessions, observe
from checkers.models import MODELS
from checkers.search import problems
from histories import Event, History

from .drawing import draw_lists
from .oracle import verdicts
from .scripts import Step, history_of, parse


BELOW = list(LEVELS)[2:]


def _verdicts(steps: list[Step]) -> dict[str, str] | None:
    """Return the verdicts; None if a read is impossible, or reveals nothing."""
    events = [
        Event(
            index=event.index,
            time=event.time,
            type=event.type,
            process=event.process,
            f="append" if event.f == "add" else event.f,
            value=event.value,
        )
        for event in history_of(steps, keyed=False).events()
    ]
    history = History.from_events(events)
    parts = problems(history, MODELS["append-list"]())
    observation = observe(history.columns(), parts)
    if observation.impossible or not observation.sights or observation.lacking:
        return None
    ladder = settle(judge_sessions(history, observation, Limits(timeout_s=None)))
    return {name: ladder.verdict(name) for name in BELOW}


@settings(max_examples=800, deadline=None)
@given(seed=st.integers(0, 1 << 60))
def test_verdicts_on_lists_are_those_of_the_definitions(seed: int) -> None:
    """Whether views exist is what the definitions ask, and found out."""
    steps = draw_lists(Random(seed))
    found = _verdicts(steps)
    if found is not None:
        expected = verdicts(steps, exact=True, ordered=True)
        assert {name: found[name] == "yes" for name in BELOW} == expected, steps


@pytest.mark.parametrize(
    ("script", "broken"),
    [
        ("0 x+1, 0 x{}", {"read-your-writes"}),
        ("0 x+1, 1 x+2, 2 x{1,2}, 2 x{2,1}", {"monotonic-reads"}),
        ("0 x+1, 0 x+2, 1 x{2,1}", {"monotonic-writes"}),
        ("0 x+1, 1 x{1}, 1 x+2, 2 x{2,1}", {"writes-follow-reads"}),
        ("0 x+1, 1 x+2, 2 x{1,2}, 3 x{2,1}", set()),
    ],
)
def test_lists_break_one_guarantee_each(script: str, broken: set[str]) -> None:
    """The order counts as well as what is there; readers may differ in it."""
    found = _verdicts(parse(script))
    assert found is not None
    weakest = set(BELOW) - {"causal", "pram"}
    assert {name for name in weakest if found[name] == "no"} == broken
    assert found["causal"] == ("no" if broken else "yes")
