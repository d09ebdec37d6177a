"""The lattice of consistency models."""

from __future__ import annotations

import pytest

from checkers import Anomaly
from checkers.ladder import LEVELS, Level, settle, stronger, weaker


SESSIONS = {"read-your-writes", "monotonic-reads", "monotonic-writes"}


def _level(name: str, verdict: str) -> Level:
    anomaly = Anomaly(name="regress", sentence="It did.") if verdict == "no" else None
    return Level(name=name, verdict=verdict, why="So it is.", anomaly=anomaly)  # type: ignore[arg-type] # given by tests


def test_what_implies_what() -> None:
    """Writes that follow reads are causal, and no matter of PRAM."""
    assert set(weaker("pram")) == SESSIONS
    assert set(weaker("causal")) == {*SESSIONS, "pram", "writes-follow-reads"}
    assert set(weaker("linearizable")) == set(LEVELS) - {"linearizable"}
    assert stronger("pram") == ("linearizable", "sequential", "causal")
    assert all(weaker(name) == () for name in (*SESSIONS, "writes-follow-reads"))


def test_the_order_of_the_models_is_that_of_their_strength() -> None:
    """Each comes before those that follow from it."""
    names = list(LEVELS)
    for name in names:
        assert all(names.index(name) < names.index(other) for other in weaker(name))


def test_a_yes_spreads_downwards() -> None:
    """What follows from a model that holds, holds."""
    ladder = settle([_level("causal", "yes")])
    assert {name for name in LEVELS if ladder.verdict(name) == "yes"} == {
        "causal",
        *weaker("causal"),
    }
    assert ladder.levels["pram"].follows_from == "causal"
    assert ladder.strongest == ("causal",)
    assert ladder.weakest_failing == ()


def test_a_no_spreads_upwards() -> None:
    """What implies a model that fails, fails, by the same violation."""
    ladder = settle([_level("monotonic-reads", "no"), _level("sequential", "unknown")])
    assert {name for name in LEVELS if ladder.verdict(name) == "no"} == {
        "monotonic-reads",
        *stronger("monotonic-reads"),
    }
    anomaly = ladder.levels["monotonic-reads"].anomaly
    assert ladder.levels["linearizable"].anomaly is anomaly
    assert ladder.weakest_failing == ("monotonic-reads",)
    assert ladder.strongest == ()


def test_the_strongest_and_the_weakest_may_be_several() -> None:
    """The session guarantees are not comparable."""
    ladder = settle(
        [
            _level("read-your-writes", "no"),
            _level("monotonic-writes", "no"),
            _level("monotonic-reads", "yes"),
            _level("writes-follow-reads", "yes"),
        ]
    )
    assert set(ladder.weakest_failing) == {"read-your-writes", "monotonic-writes"}
    assert set(ladder.strongest) == {"monotonic-reads", "writes-follow-reads"}


def test_a_violation_comes_from_the_nearest_model() -> None:
    """Where several fail, the one closest below is the reason."""
    ladder = settle([_level("read-your-writes", "no"), _level("causal", "no")])
    assert ladder.levels["sequential"].follows_from == "causal"
    assert ladder.levels["pram"].follows_from == "read-your-writes"


@pytest.mark.parametrize("name", [name for name in LEVELS if stronger(name)])
def test_contradictions_are_found(name: str) -> None:
    """A model cannot fail if one holds that implies it."""
    with pytest.raises(AssertionError, match=name):
        settle([_level("linearizable", "yes"), _level(name, "no")])


def test_what_nobody_judged_is_unknown() -> None:
    """No verdict is given by default."""
    ladder = settle([])
    assert {level.verdict for level in ladder.levels.values()} == {"unknown"}
