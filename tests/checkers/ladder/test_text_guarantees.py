"""Texts: what reads show of characters that nobody can have deleted."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import Reason, Verdict
from checkers.ladder import BELOW_SEQUENTIAL, check_guarantees
from histories import Event, History

from .drawing import draw_steps
from .oracle import verdicts
from .scripts import Step, parse


def history_of(steps: list[Step], *, lost: frozenset[int] = frozenset()) -> History:
    """Return insertions and reads, one after the other, as those of a text.

    Args:
        steps: Adds of numbers, which are the characters, and reads of sets of them.
        lost: Steps that are deletions, which nobody knows the target of.
    """
    events: list[Event] = []

    def record(step: Step, type_: str, f: str, value: Any) -> None:
        at = len(events)
        events.append(
            Event(index=at, time=at, type=type_, process=step.process, f=f, value=value)  # type: ignore[arg-type] # one of the four
        )

    for at, step in enumerate(steps):
        end = "ok" if step.returned else "info"
        if at in lost:
            record(step, "invoke", "delete", {"position": 0})
            record(step, end, "delete", {"position": 0})
        elif step.kind == "+":
            given = {"position": 0, "char": _char(step.put)}
            record(step, "invoke", "insert", given)
            record(step, end, "insert", given)
        else:
            text = "".join(map(_char, sorted(step.found, reverse=True)))
            record(step, "invoke", "read", None)
            record(step, end, "read", {"text": text, "length": len(text)})
    return History.from_events(events)


def _char(number: int) -> str:
    return chr(ord("a") + number)


def judged(history: History) -> dict[str, str]:
    """Return the verdicts on the models that can be judged."""
    models = check_guarantees(history, "text").statistics["models"]
    return {name: models[name]["verdict"] for name in BELOW_SEQUENTIAL}


def _drawn(seed: int) -> list[Step]:
    """Return adds to one set and reads of it that each show what was added before."""
    steps = [step for step in draw_steps(Random(seed), exact=True) if step.key == "x"]
    added: set[int] = set()
    kept = []
    for step in steps:
        if step.kind == "+":
            added.add(step.put)
        kept.append(
            step
            if step.kind == "+"
            else step._replace(found=[one for one in step.found if one in added])
        )
    return kept


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 1 << 60))
def test_without_deletions_all_is_known(seed: int) -> None:
    """The verdicts are those of a set that only grows, by its definitions."""
    steps = _drawn(seed)
    expected = verdicts(steps, exact=True)
    found = judged(history_of(steps))
    if not any(step.kind == "{" and step.returned for step in steps):
        assert set(found.values()) == {"unknown"}
        return
    assert found == {
        name: "yes" if expected[name] else "no" for name in BELOW_SEQUENTIAL
    }, steps


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1 << 60))
def test_what_a_deletion_can_have_hit_is_left_out(seed: int) -> None:
    """Some insertions turn into deletions: no yes is left, and no no is wrong.

    What is read and was inserted before them may be gone.
    """
    rng = Random(seed)
    steps = _drawn(seed)
    lost = frozenset(
        at for at, step in enumerate(steps) if step.kind == "+" and rng.random() < 0.3
    )
    gone = {steps[at].put for at in lost}
    last = max(lost, default=-1)
    if not lost or any(not steps[at].returned for at in lost):
        return
    whole = [
        step._replace(found=[one for one in step.found if one not in gone])
        if step.kind == "{"
        else step
        for step in steps
    ]
    shown = [
        step._replace(
            found=[
                one
                for one in step.found
                if rng.random() < 0.7 or _place(steps, one) > last
            ]
        )
        if step.kind == "{"
        else step
        for step in whole
    ]
    kept = [step for at, step in enumerate(whole) if at not in lost]
    expected = verdicts(kept, exact=True)
    found = judged(history_of(shown, lost=lost))
    if any(at <= last for at, step in enumerate(whole) if at not in lost and step.put):
        assert "yes" not in found.values()
    for name in ("read-your-writes", "monotonic-reads", "pram", "causal"):
        assert found[name] != "no" or not expected[name], (name, shown)


def _place(steps: list[Step], value: int) -> int:
    return next(at for at, step in enumerate(steps) if step.put == value)


BROKEN = {
    "read-your-writes": "0 x+1, 0 x{}",
    "monotonic-reads": "0 x+1, 1 x{1}, 1 x{}",
    "monotonic-writes": "0 x+1, 0 x+2, 1 x{2}",
    "writes-follow-reads": "0 x+1, 1 x{1}, 1 x+2, 2 x{2}",
}


@pytest.mark.parametrize("broken", BROKEN)
def test_one_guarantee_is_broken_by_as_few_as_can_be(broken: str) -> None:
    """One text that lacks a character is enough, and its witness says which."""
    steps = parse(BROKEN[broken])
    result = check_guarantees(history_of(steps), "text", declared=broken)
    assert result.verdict is Verdict.INVALID
    assert result.statistics["weakest-failing"] == [broken]
    assert len(result.anomalies[0].operations) == len(steps)
    assert result.anomalies[0].data["operations"][0]["does"] == 'insert "b"'


def test_a_deletion_before_an_insertion_cannot_hit_it() -> None:
    """What was inserted later is missing, whatever was deleted; the rest is unknown."""
    steps = parse("0 x+1, 0 x+2, 0 x+3, 0 x{}")
    found = judged(history_of(steps, lost=frozenset({1})))
    assert found["read-your-writes"] == "no"
    open_ended = [steps[0], steps[1]._replace(returned=False), *steps[2:]]
    found = judged(history_of(open_ended, lost=frozenset({1})))
    assert set(found.values()) == {"unknown"}


def test_what_cannot_be_told_apart_is_not_judged() -> None:
    """A character comes twice; or these are no operations on a text."""
    twice = check_guarantees(history_of(parse("0 x+1, 1 x+1")), "text")
    assert (twice.verdict, twice.reason) == (Verdict.UNKNOWN, Reason.UNSUPPORTED)
    event = Event(index=0, time=0, type="invoke", process=0, f="pop", value=None)
    other = check_guarantees(History.from_events([event]), "text")
    assert (other.verdict, other.reason) == (Verdict.UNKNOWN, Reason.UNSUPPORTED)
