"""The checker of all models: its worked examples, and what it says of the rest."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import ANOMALIES, Reason, Verdict, check_models
from checkers.ladder import LEVELS
from checkers.models import MODELS
from checkers.search import problems
from histories import Event, History

from ..search.oracle import linearization, sequentialization  # noqa: TID252 # tests are no package that could be named
from ..search.polynomial.drawn import draw  # noqa: TID252 # as above
from ..search.polynomial.things import (  # noqa: TID252 # as above
    Box,
    Counter,
    Growing,
    Lock,
    Members,
    Store,
    UniqueRegister,
)
from .scripts import history_of, parse


if TYPE_CHECKING:
    from checkers import Result


def _check(script: str, model: str = "kv", **options: Any) -> Result:
    keyed = model == "kv" or options.get("independent", False)
    return check_models(history_of(parse(script), keyed=keyed), model, **options)


def _models(result: Result) -> dict[str, str]:
    return {
        name: facts["verdict"] for name, facts in result.statistics["models"].items()
    }


def _names(result: Result) -> set[str]:
    return {anomaly.name for anomaly in result.anomalies}


def _concurrent(*lanes: str) -> History:
    """Return a history in which processes do their first deeds at once, and so on."""
    steps = [parse(lane) for lane in lanes]
    events: list[Event] = []

    def record(type_: str, value: Any, step: Any) -> None:
        f = "write" if step.kind == "=" else "read"
        events.append(
            Event(
                index=len(events),
                time=len(events) * 1_000_000,
                type=type_,  # type: ignore[arg-type] # one of the four
                process=step.process,
                f=f,
                value=[step.key, value],
            )
        )

    for at_once in zip(*steps, strict=True):
        for step in at_once:
            record("invoke", step.put, step)
        for step in at_once:
            record("ok", step.put if step.kind == "=" else step.found, step)
    return History.from_events(events)


def test_a_stale_read_is_sequential_and_not_linearizable() -> None:
    """A read returns the old value after another process's write has returned."""
    result = _check("0 x=1, 0 x=2, 1 x:1")
    assert result.verdict is Verdict.INVALID
    assert result.statistics["strongest"] == ["sequential"]
    assert result.statistics["weakest-failing"] == ["linearizable"]
    assert result.statistics["staleness-ms"] == 0.5
    assert result.measures["staleness"].value == 0.5
    assert _names(result) == {"non-linearizable", "stale-read"}
    assert all(anomaly.fails for anomaly in result.anomalies)
    [stale] = [each for each in result.anomalies if each.name == "stale-read"]
    assert stale.operations == (2, 4)


def test_the_same_is_valid_if_sequential_consistency_was_declared() -> None:
    """The declared model decides; what else was found is noted."""
    result = _check("0 x=1, 0 x=2, 1 x:1", declared="sequential")
    assert result.verdict is Verdict.VALID
    assert result.complete
    assert not any(anomaly.fails for anomaly in result.anomalies)
    assert result.summary == (
        "The history of 3 operations is sequentially consistent; it is not "
        "linearizable, as clients lag by up to 0.5 ms."
    )


def test_store_buffering_is_sequential_for_each_key_alone() -> None:
    """Both processes write their own key and then read the other's as unset."""
    history = _concurrent("0 x=1, 0 y:-", "1 y=1, 1 x:-")
    result = check_models(history, "kv", declared="sequential")
    assert result.verdict is Verdict.INVALID
    assert result.statistics["strongest"] == ["causal"]
    [violation] = [each for each in result.anomalies if each.fails]
    assert violation.name == "non-sequential"
    assert len(violation.operations) == 4
    assert violation.data["each-key-alone"] == "yes"
    assert "Each of the 2 keys alone is sequentially consistent." in result.summary


def test_two_readers_see_two_writes_in_opposite_orders() -> None:
    """That is causal, as the writes know nothing of each other, and no more."""
    script = "0 x=1, 1 x=2, 2 x:1, 2 x:2, 3 x:2, 3 x:1"
    result = _check(script, declared="sequential")
    assert result.verdict is Verdict.INVALID
    assert result.statistics["strongest"] == ["causal"]
    assert [each.name for each in result.anomalies if each.fails] == ["long-fork"]


def test_two_readers_of_two_keys_see_them_in_opposite_orders() -> None:
    """Each of them has seen one write, and not yet the other."""
    script = "0 x=1, 1 y=1, 2 x:1, 2 y:-, 3 y:1, 3 x:-"
    result = _check(script, declared="sequential")
    assert [each.name for each in result.anomalies if each.fails] == ["long-fork"]
    assert result.statistics["strongest"] == ["causal"]


@pytest.mark.parametrize("model", ["set", "g-counter"])
def test_an_add_that_some_final_reads_miss(model: str) -> None:
    """It was acknowledged before the reads began: sequential, and stale by so much."""
    reads = "1 x{5}, 2 x{}" if model == "set" else "1 x#5, 2 x#0"
    result = _check(f"0 x+5, {reads}", model)
    assert result.verdict is Verdict.INVALID
    assert result.statistics["strongest"] == ["sequential"]
    assert result.statistics["staleness-ms"] == 1.5
    [stale] = [each for each in result.anomalies if each.name == "stale-read"]
    assert stale.operations == (0, 4)
    assert "is stale by 1.5 ms" in stale.sentence


def test_what_is_linearizable_is_everything() -> None:
    """All follows from it, and the witness was replayed."""
    result = _check("0 x=1, 1 x:1, 0 y=1, 1 y:1")
    assert result.verdict is Verdict.VALID
    assert set(_models(result).values()) == {"yes"}
    assert result.anomalies == ()
    assert result.measures["staleness"].value == 0
    assert result.summary == "The history of 4 operations on 2 keys is linearizable."


def test_a_yes_comes_with_an_order_for_each_key() -> None:
    """All operations of the key are in it, and their indices are those of the history."""
    result = _check("0 x=1, 1 x:1, 0 y=1, 1 y:1")
    assert result.statistics["orders"] == {
        "model": "linearizable",
        "by-key": [
            {"key": '"x"', "operations": [0, 2]},
            {"key": '"y"', "operations": [4, 6]},
        ],
    }
    result = _check("0 x=1, 0 x=2, 1 x:1")
    assert result.statistics["orders"]["model"] == "sequential"
    [joint] = result.statistics["orders"]["by-key"]
    assert joint["operations"] == [0, 4, 2]


def test_several_models_may_be_declared() -> None:
    """One that fails is enough for INVALID."""
    script = "0 x=1, 1 x:1, 1 x:-"
    declared = ["read-your-writes", "monotonic-reads"]
    assert _check(script, declared=declared).verdict is Verdict.INVALID
    assert _check(script, declared=declared[:1]).verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("script", "model"),
    [("0 x=1, 1 x=2", "register"), ("0 x+1, 1 x+2", "g-counter"), ("0 x:-?", "kv")],
)
def test_a_history_that_says_nothing_is_unknown(script: str, model: str) -> None:
    """Whatever had happened, it would look like this."""
    result = _check(script, model)
    assert result.verdict is Verdict.UNKNOWN
    assert result.reason is Reason.VACUOUS
    assert set(_models(result).values()) == {"unknown"}
    assert result.statistics["strongest"] == []


def test_an_empty_history_is_unknown() -> None:
    """Nothing is no proof of anything."""
    result = check_models(History.from_events([]), "register")
    assert result.reason is Reason.VACUOUS


def test_locks_observe_by_being_taken() -> None:
    """An acquire that returns says that nobody held the lock."""
    events = [
        Event(index=i, time=i, type=type_, process=0, f=f)  # type: ignore[arg-type] # one of the four
        for i, (type_, f) in enumerate(
            (type_, f) for f in ("acquire", "release") for type_ in ("invoke", "ok")
        )
    ]
    result = check_models(History.from_events(events), "mutex")
    assert result.verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("budget", "reason"),
    [({"nodes": 0}, Reason.TIMEOUT), ({"entries": 0}, Reason.MEMORY)],
)
def test_past_its_budget_it_says_how_far_it_came(
    budget: dict[str, int], reason: Reason
) -> None:
    """The result is UNKNOWN then, never VALID."""
    thing = UniqueRegister(again=0.9)
    history = draw(Random(3), thing, operations=60, clients=8, wrong=0)
    result = check_models(history, MODELS["register"](0), **budget)
    assert result.verdict is Verdict.UNKNOWN
    assert result.reason is reason
    assert "could be put in order" in result.summary
    assert _models(result)["linearizable"] == "unknown"


def test_without_time_what_processes_read_is_unknown() -> None:
    """The clock stands still for linearizability, and is over for the rest."""
    ticks = iter(range(1000))
    history = history_of(parse("0 x=1, 1 x=2, 2 x:2, 2 x:1, 3 x:1, 3 x:2"), keyed=True)
    result = check_models(
        history, "kv", declared="causal", timeout_s=1, clock=lambda: next(ticks)
    )
    assert result.verdict is Verdict.UNKNOWN
    assert result.reason is Reason.TIMEOUT


def test_two_that_hold_a_lock_at_once_are_found() -> None:
    """Neither of the two is illegal by itself, but that says something all the same."""
    events = [
        Event(index=i, time=i, type=type_, process=process, f="acquire")  # type: ignore[arg-type] # one of the four
        for i, (type_, process) in enumerate(
            [("invoke", 0), ("invoke", 1), ("ok", 0), ("ok", 1)]
        )
    ]
    result = check_models(History.from_events(events), "owned-mutex")
    assert result.verdict is Verdict.INVALID


def test_what_reads_do_not_reveal_is_unsupported() -> None:
    """A declared model that is undecided for that makes the result UNKNOWN."""
    script = "0 x=1, 1 x=1, 2 x:1, 2 x:-"
    result = _check(script, "register", declared="causal")
    assert result.verdict is Verdict.UNKNOWN
    assert result.reason is Reason.UNSUPPORTED
    assert "1 is written more than once" in result.summary


def test_totals_of_a_counter_may_be_too_small_whatever_they_stand_for() -> None:
    """One's own adds, and what one has read before, are missing by their sums."""
    result = _check("0 x+2, 1 x+2, 1 x#4, 1 x#2, 2 x+2, 2 x#0", "g-counter")
    assert set(result.statistics["weakest-failing"]) == {
        "monotonic-reads",
        "read-your-writes",
    }
    verdicts = _models(result)
    assert verdicts["writes-follow-reads"] == verdicts["monotonic-writes"] == "unknown"
    [own] = [each for each in result.anomalies if each.name == "read-your-writes"]
    assert own.operations == (8, 10)
    assert own.sentence == (
        "read 10 (process 2, 0.005 s) returned 0, although its process had added 2 up "
        "to add 8 (process 2, 0.004 s), acknowledged."
    )


def test_a_counter_that_may_shrink_says_nothing_by_its_totals() -> None:
    """Less may be more of what was subtracted."""
    result = _check("0 x+2, 1 x+2, 1 x+-2, 0 x#0, 0 x#4, 0 x#0", "pn-counter")
    assert _models(result)["read-your-writes"] == "unknown"


def test_what_is_broken_below_needs_no_search_above() -> None:
    """Sequential consistency fails with read-your-writes."""
    result = _check("0 x=1, 0 x:-")
    facts = result.statistics["models"]["sequential"]
    assert facts["verdict"] == "no"
    assert facts["follows-from"] == "read-your-writes"


def test_a_history_of_another_model_is_malformed() -> None:
    """The result says what was found, and what was expected."""
    result = _check("0 x=1, 1 x:1", "fifo-queue", independent=True)
    assert result.verdict is Verdict.UNKNOWN
    assert result.reason is Reason.MALFORMED
    assert "found the function 'write'" in result.summary


@pytest.mark.parametrize("names", [{"declared": "serializable"}, {"model": "tree"}])
def test_unknown_names_are_refused(names: dict[str, str]) -> None:
    """The error lists those that there are."""
    with pytest.raises(ValueError, match="expected one of"):
        _check("0 x:-", **names)


def test_registers_may_be_independent() -> None:
    """Each value is a pair of a key and a value, as it is of a keyed model."""
    result = _check("0 x=1, 0 y=2, 1 x:1, 1 y:2", "register", independent=True)
    assert result.verdict is Verdict.VALID
    assert result.statistics["keys"] == 2


THINGS = {
    "register": lambda: (UniqueRegister(), MODELS["register"](0)),
    "cas-register": lambda: (UniqueRegister(swaps=0.4), MODELS["cas-register"](0)),
    "repeated": lambda: (UniqueRegister(again=0.5), MODELS["register"](0)),
    "g-counter": lambda: (Counter([1, 2, 4]), MODELS["g-counter"]()),
    "units": lambda: (Counter([1]), MODELS["g-counter"]()),
    "pn-counter": lambda: (Counter([1, -3]), MODELS["pn-counter"]()),
    "set": lambda: (Members(elements=3), MODELS["set"]()),
    "append-list": lambda: (Growing(), MODELS["append-list"]()),
    "mutex": lambda: (Lock(), MODELS["owned-mutex"]()),
    "fifo-queue": lambda: (Box("enqueue", "dequeue"), MODELS["fifo-queue"]()),
    "kv": lambda: (Store(keys=2), MODELS["kv"](0)),
}


@pytest.mark.parametrize("name", THINGS)
@given(seed=st.integers(0, 1 << 60), real_time=st.booleans())
@settings(max_examples=60, deadline=None)
def test_verdicts_agree_with_brute_force_and_with_each_other(
    name: str,
    seed: int,
    real_time: bool,  # noqa: FBT001 # drawn
) -> None:
    """Of whatever data type: no verdict is wrong, and no two contradict each other."""
    thing, model = THINGS[name]()
    history = draw(
        Random(seed), thing, operations=7, clients=3, wrong=1, real_time=real_time
    )
    result = check_models(history, model)
    if result.reason is Reason.VACUOUS:
        return
    verdicts = _models(result)
    parts = problems(history, model)
    [joint] = problems(history, model, partition=False)
    linearizable = all(linearization(part) is not None for part in parts)
    sequential = sequentialization(joint) is not None
    assert verdicts["linearizable"] == ("yes" if linearizable else "no")
    assert verdicts["sequential"] == ("yes" if sequential else "no")
    assert list(verdicts) == list(LEVELS)
    assert {anomaly.name for anomaly in result.anomalies} <= set(ANOMALIES)
    assert ("staleness-ms" in result.statistics) == (sequential and not linearizable)
    for anomaly in result.anomalies:
        assert anomaly.operations
        for index in anomaly.operations:
            history.operation(index)
