"""Several checkers as one."""

from __future__ import annotations

from typing import NoReturn

import pytest

from checkers import Measure, Reason, Result, Verdict, compose


def result(verdict: Verdict, **more: object) -> Result:
    return Result(checker="any", verdict=verdict, summary=verdict.value, **more)


VALID = result(Verdict.VALID, complete=True)
INVALID = result(Verdict.INVALID)
UNKNOWN = result(Verdict.UNKNOWN, reason=Reason.VACUOUS)


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        ([VALID], Verdict.VALID),
        ([VALID, UNKNOWN], Verdict.UNKNOWN),
        ([UNKNOWN, INVALID, VALID], Verdict.INVALID),
    ],
)
def test_the_worst_part_decides(parts: list[Result], verdict: Verdict) -> None:
    """INVALID over UNKNOWN over VALID, with the summary of the worst."""
    composed = compose("all", {str(i): lambda r=r: r for i, r in enumerate(parts)})
    assert composed.verdict is verdict
    assert composed.summary == verdict.value
    assert list(composed.parts.values()) == parts
    assert composed.complete is all(part.complete for part in parts)


def test_nothing_to_check_is_unknown() -> None:
    """No part, no pass."""
    assert compose("all", {}).verdict is Verdict.UNKNOWN
    assert compose("all", {}).reason is Reason.VACUOUS


def test_a_part_that_raises_is_unknown_and_the_others_run() -> None:
    """A crash of a checker is neither a pass nor a failure, and keeps its cause."""

    def crash() -> NoReturn:
        raise KeyError("n0")

    composed = compose("all", {"bad": crash, "good": lambda: VALID})
    assert composed.verdict is Verdict.UNKNOWN
    assert composed.reason is Reason.CRASHED
    assert "KeyError: 'n0'" in composed.summary
    assert composed.parts["bad"].statistics["error"] == "KeyError: 'n0'"
    assert "in crash" in composed.parts["bad"].statistics["traceback"]
    assert composed.parts["good"] is VALID


def test_a_part_without_memory_says_so() -> None:
    """Running out of memory has a reason code of its own."""

    def exhaust() -> NoReturn:
        raise MemoryError

    assert compose("all", {"big": exhaust}).reason is Reason.MEMORY


def test_an_interrupt_is_not_swallowed() -> None:
    """Ctrl-C during a check is the user's, not a crash of the checker."""

    def interrupt() -> NoReturn:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compose("all", {"slow": interrupt})


def test_measures_are_merged_and_the_first_stands() -> None:
    """Assertions see the measures of all parts."""
    one = result(Verdict.VALID, measures={"a": Measure(1), "b": Measure(1)})
    two = result(Verdict.VALID, measures={"b": Measure(2), "c": Measure(2)})
    composed = compose("all", {"one": lambda: one, "two": lambda: two})
    assert {name: m.value for name, m in composed.measures.items()} == {
        "a": 1,
        "b": 1,
        "c": 2,
    }


def test_assumptions_are_merged_without_repetition() -> None:
    """What several parts assume is said once."""
    part = result(Verdict.VALID, assumes=("x", "y"))
    other = result(Verdict.VALID, assumes=("y", "z"))
    composed = compose("all", {"one": lambda: part, "two": lambda: other})
    assert composed.assumes == ("x", "y", "z")
