"""Registers with siblings: their guarantees are those of the definitions."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import Reason, Verdict
from checkers.ladder import BELOW_SEQUENTIAL, LEVELS, check_guarantees
from checkers.ladder._limits import Limits
from checkers.ladder.sessions import judge_sessions, observe_shown
from histories import Event, History

from .sibling_oracle import Op, draw, history_of, verdicts


def judged(history: History) -> dict[str, str]:
    """Return the verdicts on the models that can be judged."""
    models = check_guarantees(history, "siblings").statistics["models"]
    return {name: models[name]["verdict"] for name in BELOW_SEQUENTIAL}


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 1 << 60))
def test_all_verdicts_are_those_of_the_definitions(seed: int) -> None:
    """No choice of what reads saw explains what is broken, and one explains the rest."""
    ops = draw(Random(seed))
    expected = {
        name: "yes" if holds else "no" for name, holds in verdicts(ops).items()
    } or dict.fromkeys(BELOW_SEQUENTIAL, "unknown")
    assert judged(history_of(ops)) == expected, ops


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 1 << 60))
def test_witnesses_are_violations(seed: int) -> None:
    """What an anomaly names breaks the same guarantee by itself, or PRAM does."""
    ops = draw(Random(seed))
    history = history_of(ops)
    observation = observe_shown(history, "siblings")
    for level in judge_sessions(history, observation, Limits(timeout_s=None)):
        if level.anomaly is None:
            continue
        named = level.anomaly.operations
        # The others are nobody's any more; contexts stay as they are.
        alone = [
            op if operation.index in named else op._replace(process=100 + op.at)
            for operation, op in zip(history.operations(), ops, strict=True)
        ]
        assert not verdicts(alone, among=range(100))[level.name], (ops, level)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 1 << 60))
def test_what_contexts_do_not_tell_is_not_taken_for_granted(seed: int) -> None:
    """Without knowing what some writes replace, nothing is whole, and no no is wrong."""
    ops, rng = draw(Random(seed)), Random(seed)
    expected = verdicts(ops)
    events = []
    strange = False
    for event in history_of(ops).events():
        value = dict(event.value)
        if event.type == "invoke" and event.f == "write" and rng.random() < 0.4:
            value = {**value, "context": {"c9": 5}}
            del value["seen"]
            strange = True
        events.append(
            Event(
                index=event.index,
                time=event.time,
                type=event.type,
                process=event.process,
                f=event.f,
                value=value,
            )
        )
    found = judged(History.from_events(events))
    if not strange:
        return
    assert "yes" not in found.values()
    for name in ("read-your-writes", "monotonic-reads", "pram", "causal"):
        assert found[name] == "unknown" or not expected[name], (name, ops)


def write(at: int, process: int, key: str = "x", *, seen: tuple[int, ...] = ()) -> Op:
    """Return a write of its place."""
    return Op(at, process, key, None, seen)


def read(at: int, process: int, *values: int, key: str = "x") -> Op:
    """Return a read."""
    return Op(at, process, key, frozenset(values))


BROKEN = {
    "read-your-writes": [write(0, 0), read(1, 0)],
    "monotonic-reads": [write(0, 0), read(1, 1, 0), read(2, 1)],
    "monotonic-writes": [write(0, 0), write(1, 0), read(2, 1, 1)],
    "writes-follow-reads": [write(0, 0), read(1, 1, 0), write(2, 1), read(3, 2, 2)],
}


@pytest.mark.parametrize("broken", BROKEN)
def test_one_guarantee_is_broken_by_as_few_as_can_be(broken: str) -> None:
    """One read that misses an update is enough, and its witness names that."""
    ops = BROKEN[broken]
    result = check_guarantees(history_of(ops), "siblings", declared=broken)
    assert result.verdict is Verdict.INVALID
    assert result.statistics["weakest-failing"] == [broken]
    anomaly = result.anomalies[0]
    assert anomaly.name == broken
    assert len(anomaly.operations) == len(ops)
    assert [one["does"][:5] for one in anomaly.data["operations"]] == [
        "write" if op.found is None else "read " for op in ops
    ]


def test_what_replaces_a_write_shows_it() -> None:
    """Who wrote over it had seen it: nothing is missing, and nothing goes back."""
    ops = [write(0, 0), write(1, 1), read(2, 1, 0, 1), write(3, 1, seen=(2,))]
    ops += [read(4, 0, 3), read(5, 2, 0, 1), read(6, 2, 3)]
    assert set(judged(history_of(ops)).values()) == {"yes"}


def test_what_was_replaced_before_it_arrived_brings_nothing_along() -> None:
    """A store of first in, first out is not causal, and keeps each writer's order.

    Process 2 reads what replaced the write of process 0, whose node need not have that,
    nor what process 0 had written before to another register.
    """
    ops = [write(0, 0, "y"), write(1, 0), read(2, 1, 1), write(3, 1, seen=(2,))]
    ops += [read(4, 2, 3), read(5, 2, key="y")]
    found = judged(history_of(ops))
    assert [name for name in found if found[name] == "no"] == [
        "causal",
        "writes-follow-reads",
    ]


def test_several_registers_contradict_each_other() -> None:
    """The second write is seen, and the first, to another register, is not."""
    ops = [write(0, 0, "y"), write(1, 0), read(2, 1, 1), read(3, 1, key="y")]
    result = check_guarantees(history_of(ops), "siblings", declared="causal")
    assert result.verdict is Verdict.INVALID
    assert result.statistics["weakest-failing"] == ["monotonic-writes"]
    assert result.anomalies[0].data["steps"]


@pytest.mark.parametrize(
    ("ops", "name"),
    [
        ([write(0, 0), read(1, 0, 0), write(2, 0, seen=(1,)), read(3, 1, 0, 2)], "superseded-sibling"),
        ([write(0, 0), read(1, 1, 0, 7)], "phantom-value"),
        ([read(0, 1, 1), write(1, 0)], "thin-air"),
    ],
)  # fmt: skip
def test_what_no_register_returns_fails_all(ops: list[Op], name: str) -> None:
    """Whatever a model allows, it does not allow this."""
    result = check_guarantees(history_of(ops), "siblings", declared="monotonic-reads")
    assert result.verdict is Verdict.INVALID
    assert [anomaly.name for anomaly in result.anomalies] == [name]


@pytest.mark.parametrize("name", ["linearizable", "sequential"])
def test_models_of_one_copy_are_not_judged(name: str) -> None:
    """They say nothing of siblings; the answer says what does."""
    for ops in (BROKEN["read-your-writes"], [write(0, 0), read(1, 0, 0)]):
        result = check_guarantees(history_of(ops), "siblings", declared=name)
        assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.UNSUPPORTED)
        assert "monotonic-reads" in result.summary


def test_what_is_too_much_is_not_taken_for_granted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Reads that are not looked at may be wrong; those that are may be, too."""
    ops = [write(0, 0), read(1, 0, 0), write(2, 0, seen=(1,)), read(3, 0, 2)]
    monkeypatch.setattr("checkers.ladder.sessions._seen_siblings.MOST_SHOWN", 2)
    found = judged(history_of(ops))
    assert set(found.values()) == {"unknown"}
    found = judged(history_of([*ops[:1], read(1, 0), *ops[2:3], read(3, 0, 2)]))
    assert found["read-your-writes"] == "no"


def test_what_cannot_be_judged_says_so() -> None:
    """Nothing was read; or two writes cannot be told apart; or it is something else."""
    nothing = check_guarantees(history_of([write(0, 0)]), "siblings")
    assert (nothing.verdict, nothing.reason) == (Verdict.UNKNOWN, Reason.VACUOUS)
    same = [write(0, 0), write(0, 1), read(2, 0, 0)]
    twice = check_guarantees(history_of(same), "siblings")
    assert (twice.verdict, twice.reason) == (Verdict.UNKNOWN, Reason.UNSUPPORTED)
    with pytest.raises(ValueError, match="kind of data"):
        check_guarantees(history_of(same), "numbers")
    with pytest.raises(ValueError, match="consistency model"):
        check_guarantees(history_of(same), "siblings", declared="best")
    assert set(BELOW_SEQUENTIAL) < set(LEVELS)
