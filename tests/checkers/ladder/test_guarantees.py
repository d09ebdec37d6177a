"""The guarantees agree with their definitions, tried out on all orders."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.ladder import settle
from checkers.ladder._levels import LEVELS
from checkers.ladder._limits import Limits
from checkers.ladder.sessions import judge_sessions, observe
from checkers.models import MODELS
from checkers.search import problems

from .drawing import draw_steps
from .oracle import verdicts
from .scripts import history_of, parse


if TYPE_CHECKING:
    from checkers.ladder import Ladder
    from checkers.ladder.sessions import Observation
    from histories import History

    from .scripts import Step

BELOW = list(LEVELS)[2:]


def _observe(steps: list[Step], *, exact: bool) -> tuple[History, Observation]:
    history = history_of(steps, keyed=True)
    model = MODELS["set" if exact else "kv"]()
    parts = problems(history, model, independent=True)
    return history, observe(history.columns(), parts)


def _ladder(steps: list[Step], *, exact: bool) -> Ladder | None:
    """Return the verdicts; None if reads reveal nothing, or too little."""
    history, observation = _observe(steps, exact=exact)
    if observation.impossible or not observation.sights or observation.lacking:
        return None
    return settle(judge_sessions(history, observation, Limits(timeout_s=None)))


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 1 << 60), st.booleans())
def test_all_verdicts_are_those_of_the_definitions(seed: int, exact: bool) -> None:  # noqa: FBT001 # drawn
    """Whether views exist is what the definitions ask, and found out."""
    steps = draw_steps(Random(seed), exact=exact)
    ladder = _ladder(steps, exact=exact)
    if ladder is not None:
        expected = verdicts(steps, exact=exact)
        found = {name: ladder.verdict(name) == "yes" for name in BELOW}
        assert found == expected, steps


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 1 << 60), st.booleans())
def test_witnesses_are_violations(seed: int, exact: bool) -> None:  # noqa: FBT001 # drawn
    """What an anomaly names breaks the same guarantee by itself, or PRAM does."""
    steps = draw_steps(Random(seed), exact=exact)
    ladder = _ladder(steps, exact=exact)
    if ladder is None:
        return
    for name in BELOW:
        level = ladder.levels[name]
        if level.anomaly is None or level.follows_from:
            continue
        kept = [
            step._replace(returned=True) if index in level.anomaly.operations else None
            for index, step in zip(_indices(steps), steps, strict=True)
        ]
        named = _with_sources([step for step in kept if step], steps, exact=exact)
        assert not verdicts(named, exact=exact)[name], (steps, level)


def _indices(steps: list[Step]) -> list[int]:
    return [op.index for op in history_of(steps, keyed=True).operations()]


def _with_sources(named: list[Step], steps: list[Step], *, exact: bool) -> list[Step]:
    """Return operations with the writes they read, or without them, if exact.

    The witness of a register may read what some write has written that it does not
    name, since it makes no difference who wrote it.
    """
    if exact:
        puts = {(step.key, step.put) for step in named}
        return [
            step._replace(found=[v for v in step.found if (step.key, v) in puts])
            if step.kind == "{"
            else step
            for step in named
        ]
    found = {(step.key, step.found) for step in named if step.found is not None}
    return [step for step in steps if step in named or (step.key, step.put) in found]


SCRIPTS = {
    "own write missing": ("0 x=1, 0 x:-", "read-your-writes"),
    "own older write": ("0 x=1, 0 x=2, 0 x:1", "read-your-writes"),
    "what it had read before": ("1 x=1, 0 x:1, 0 x=2, 0 x:1", "read-your-writes"),
    "initial value again": ("0 x=1, 1 x:1, 1 x:-", "monotonic-reads"),
    "flickering": ("0 x=1, 1 x=2, 2 x:1, 2 x:2, 2 x:1", "monotonic-reads"),
    "back to an own write": ("0 x=1, 1 x=2, 0 x:2, 0 x:1", "monotonic-reads"),
    "second key without the first": (
        "0 x=1, 0 y=1, 1 y:1, 1 x:-",
        "monotonic-writes",
    ),
    "effect without its cause": (
        "0 x=1, 1 x:1, 1 y=1, 2 y:1, 2 x:-",
        "writes-follow-reads",
    ),
    "overwritten with knowledge": (
        "0 x=1, 1 x:1, 1 x=2, 2 x:2, 2 x:1",
        "writes-follow-reads",
    ),
    "by a swap": ("0 x=1, 1 x:1>2, 2 x:2, 2 x:1", "writes-follow-reads"),
    "circle": ("0 x:2, 0 y=1, 1 y:1, 1 x=2", "writes-follow-reads"),
}


@pytest.mark.parametrize("case", SCRIPTS)
def test_the_weakest_guarantee_that_is_broken_is_the_culprit(case: str) -> None:
    """The textbook cases break what the textbooks say."""
    script, broken = SCRIPTS[case]
    ladder = _ladder(parse(script), exact=False)
    assert ladder is not None
    assert ladder.weakest_failing == (broken,)


def test_reading_newer_and_then_older_breaks_two() -> None:
    """Reads go back, and writes of one process are seen in the opposite order."""
    ladder = _ladder(parse("0 x=1, 0 x=2, 1 x:2, 1 x:1"), exact=False)
    assert ladder is not None
    assert set(ladder.weakest_failing) == {"monotonic-reads", "monotonic-writes"}


@pytest.mark.parametrize(
    "script",
    [
        "0 x=1, 1 x=2, 2 x:1, 2 x:2, 3 x:2, 3 x:1",
        "0 x=1, 1 y=1, 2 x:1, 2 y:-, 3 y:1, 3 x:-",
        "0 x=1, 1 x:-, 1 x:-, 1 x:1",
        "0 x=1?, 1 x:1, 0 x:-",
    ],
)
def test_what_is_causal_and_no_more(script: str) -> None:
    """Independent writes may be seen in any order, and late; lost ones, or not."""
    ladder = _ladder(parse(script), exact=False)
    assert ladder is not None
    assert ladder.strongest == ("causal",)


SETS = {
    "read-your-writes": "0 x+1, 0 x{}",
    "monotonic-reads": "0 x+1, 1 x{1}, 1 x{}",
    "monotonic-writes": "0 x+1, 0 x+2, 1 x{2}",
    "writes-follow-reads": "0 x+1, 1 x{1}, 1 x+2, 2 x{2}",
}


@pytest.mark.parametrize("broken", SETS)
def test_sets_break_one_guarantee_each(broken: str) -> None:
    """Reads of sets show all they saw, so that one or two of them are enough."""
    ladder = _ladder(parse(SETS[broken]), exact=True)
    assert ladder is not None
    assert ladder.weakest_failing == (broken,)
    level = ladder.levels[broken]
    assert level.anomaly is not None
    assert level.anomaly.name == broken
    assert 2 <= len(level.anomaly.operations) <= 4


@pytest.mark.parametrize(
    "script",
    [
        "0 x=1, 0 y=2, 1 x=3, 2 y:2, 2 x:3, 2 x:1",
        "0 x=1, 1 x=2, 1 y=1, 2 z=1, 0 z=2, 3 z:2, 3 x:2, 3 y:1, 3 x:1",
    ],
)
def test_what_follows_from_one_read_may_contradict_another(script: str) -> None:
    """An order of updates grows with what a process reads, until it is circular."""
    ladder = _ladder(parse(script), exact=False)
    assert ladder is not None
    anomaly = ladder.levels["pram"].anomaly
    assert anomaly is not None
    assert anomaly.data["bad-pattern"] == "CyclicHB"


@pytest.mark.parametrize(
    ("script", "pattern"),
    [
        ("0 x:2, 0 y=1, 1 y:1, 1 x=2", "CyclicCO"),
        ("0 x=1, 1 x:1, 1 y=1, 2 y:1, 2 x:-", "WriteCOInitRead"),
        ("0 x=1, 1 x:1, 1 x=2, 2 x:2, 2 x:1", "WriteCORead"),
    ],
)
def test_violations_of_causality_have_their_names(script: str, pattern: str) -> None:
    """The bad patterns of Bouajjani et al. are told apart."""
    ladder = _ladder(parse(script), exact=False)
    assert ladder is not None
    anomaly = ladder.levels["causal"].anomaly
    assert anomaly is not None
    assert anomaly.name == "causality-violation"
    assert anomaly.data["bad-pattern"] == pattern
    assert anomaly.data["steps"]


def test_a_witness_is_told_step_by_step() -> None:
    """The sentence leads from a cause to the read that misses it."""
    ladder = _ladder(parse("0 x=1, 1 x:1, 1 y=1, 2 y:1, 2 x:-"), exact=False)
    assert ladder is not None
    assert ladder.levels["causal"].why == (
        "read 8 (process 2, 0.004 s) returned the initial value and misses write 0 "
        '(process 0, 0.000 s) of ["x",1], which comes before it: process 1 had seen '
        "write 0, in read 2, when it issued write 4, read 6 saw write 4 and process 2 "
        "made read 6 before read 8."
    )


def test_a_witness_is_found_among_many_operations() -> None:
    """All that has nothing to do with it is left out."""
    noise = [f"{3 + n % 5} z={n + 10}, {3 + n % 5} z:{n + 10}" for n in range(40)]
    script = ["0 x=1", *noise, "1 x:1, 1 y=1", "2 y:1, 2 x:-"]
    ladder = _ladder(parse(", ".join(script)), exact=False)
    assert ladder is not None
    anomaly = ladder.levels["causal"].anomaly
    assert anomaly is not None
    assert len(anomaly.operations) == 5
    assert anomaly.data["is-minimal"]
    assert anomaly.data["operations-before"] == 85
