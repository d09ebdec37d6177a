"""Histories of which nobody knows what ended before what began, or who did what."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import Reason, Verdict, check_models
from checkers.ladder import LEVELS
from checkers.models import MODELS

from ..search.polynomial.drawn import draw  # noqa: TID252 # tests are no package that could be named
from ..search.polynomial.things import (  # noqa: TID252 # as above
    Box,
    Counter,
    Members,
    Store,
    UniqueRegister,
)
from .scripts import history_of, parse


if TYPE_CHECKING:
    from checkers import Result


def _check(script: str, **options: Any) -> Result:
    return check_models(history_of(parse(script), keyed=True), "kv", **options)


def _models(result: Result) -> dict[str, str]:
    return {
        name: facts["verdict"] for name, facts in result.statistics["models"].items()
    }


STALE = "0 x=1, 0 x=2, 1 x:1"
GOOD = "0 x=1, 1 x:1"


@pytest.mark.parametrize("script", [STALE, GOOD])
def test_without_real_time_nothing_is_linearizable_or_not(script: str) -> None:
    """What keeps the order of each process may be, and nobody is accused."""
    result = _check(script, has_real_time=False)
    assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.VACUOUS)
    assert "was not recorded" in result.summary
    assert result.statistics["strongest"] == ["sequential"]
    assert not result.anomalies
    assert "staleness" not in result.measures
    declared = _check(script, has_real_time=False, declared="sequential")
    assert declared.verdict is Verdict.VALID


def test_without_real_time_a_process_has_an_order_still() -> None:
    """Who forgets its own write breaks all models, whatever the others did when."""
    result = _check("0 x=1, 0 x:-", has_real_time=False)
    assert result.verdict is Verdict.INVALID
    assert _models(result)["read-your-writes"] == "no"


def test_without_processes_only_what_no_order_explains_is_told() -> None:
    """A pass would say nothing of any model; a value from nowhere is wrong in all."""
    events = history_of(parse(GOOD), keyed=True)
    for declared in LEVELS:
        result = check_models(events, "kv", declared=declared, has_sessions=False)
        assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.VACUOUS)
        assert set(_models(result).values()) == {"unknown"}
        assert "orders" not in result.statistics
    result = _check("0 x=1, 1 x:7", has_sessions=False)
    assert result.verdict is Verdict.INVALID


THINGS = {
    "register": lambda: (UniqueRegister(), MODELS["register"](0)),
    "g-counter": lambda: (Counter([1, 2, 4]), MODELS["g-counter"]()),
    "set": lambda: (Members(elements=3), MODELS["set"]()),
    "fifo-queue": lambda: (Box("enqueue", "dequeue"), MODELS["fifo-queue"]()),
    "kv": lambda: (Store(keys=2), MODELS["kv"](0)),
}


@pytest.mark.parametrize("name", THINGS)
@given(seed=st.integers(0, 1 << 60))
@settings(max_examples=40, deadline=None)
def test_all_but_linearizability_is_as_with_real_time(name: str, seed: int) -> None:
    """Of whatever data type: real time decides that one model, and no other."""
    thing, model = THINGS[name]()
    history = draw(
        Random(seed), thing, operations=7, clients=3, wrong=1, real_time=True
    )
    known = check_models(history, model)
    found = check_models(history, model, has_real_time=False)
    if known.reason is Reason.VACUOUS:
        return
    before, after = _models(known), _models(found)
    sequential = before["sequential"]
    assert after.pop("linearizable") == ("no" if sequential == "no" else "unknown")
    assert after["sequential"] == sequential
    assert all(after[name] in {before[name], "unknown"} for name in after)
