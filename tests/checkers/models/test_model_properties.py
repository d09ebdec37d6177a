"""What holds of every model, in every state that it can reach in a few steps."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from checkers.models import MODELS, Call, Model, freeze


DEPTH = 3

TRUTHS = [True, False]

ALPHABETS: dict[str, list[tuple[str, list[Any], list[Any]]]] = {
    "register": [("read", [None], [None, 1, 2]), ("write", [1, 2, None], [None])],
    "cas-register": [
        ("read", [None], [None, 1]),
        ("write", [1, True], [None]),
        ("cas", [[1, 2], [1, 1], [None, 1]], [None]),
    ],
    "kv": [
        ("get", [None], [None, "a"]),
        ("put", ["a", ""], [None]),
        ("append", ["a", ""], [None]),
        ("cas", [["a", "b"], ["a", "a"]], [None]),
    ],
    "multi-register": [
        ("txn", [None], [[["r", "x", 1]], [["w", "x", 1], ["r", "y", None]]]),
        ("txn", [None], [[["w", "x", 1], ["w", "x", None]], [["w", "y", 2]]]),
    ],
    "g-counter": [("add", [0, 1, 2], [None]), ("read", [None], [0, 1, 3])],
    "pn-counter": [
        ("add", [0, 1, -2], [None]),
        ("decrement", [None, 0, -1], [None]),
        ("read", [None], [0, -1]),
    ],
    "mutex": [("acquire", [None], [None]), ("release", [None], [None])],
    "owned-mutex": [("acquire", [None], [None]), ("release", [None], [None])],
    "semaphore": [("acquire", [None, 2], [None]), ("release", [None, 2], [None])],
    "set": [
        ("add", [1, 2, True], [None, *TRUTHS]),
        ("remove", [1, 2], [None, *TRUTHS]),
        ("contains", [1], TRUTHS),
        ("read", [None], [[], [1], [2, 1]]),
    ],
    "fifo-queue": [("enqueue", [1, 2], [None]), ("dequeue", [None], [None, 1, 2])],
    "unordered-queue": [
        ("enqueue", [1, 2], [None]),
        ("dequeue", [None], [None, 1, 2]),
    ],
    "stack": [("push", [1, 2], [None]), ("pop", [None], [None, 1, 2])],
    "priority-queue": [
        ("insert", [2, [1, "a"], [1, "b"]], [None]),
        ("poll", [None], [None, 2, [1, "a"]]),
    ],
    "append-list": [
        ("append", [1, 2], [None]),
        ("read", [None], [[], [1], [1, 2], [1, 2, 1]]),
    ],
}


def calls_of(model: Model[Any]) -> list[Call]:
    """Return all calls of the alphabet, open and failed ones among them, prepared."""
    calls = []
    processes = [0, 1] if model.uses_process else [None]
    for f, inputs, outputs in ALPHABETS[model.name]:
        rule = model.functions[f]
        for given, got, process in product(inputs, outputs, processes):
            one = Call(f, freeze(given), freeze(got), process=process)
            calls.append(one)
            if rule.gives is not None:
                calls.append(Call(f, freeze(given), None, known=False, process=process))
            if rule.tells_by_failing:
                calls.append(Call(f, freeze(given), None, failed=True))
    prepared = [model.prepare(one, nil_is_value=True) for one in calls]
    return [one for one in dict.fromkeys(prepared) if one is not None]


def states_of(model: Model[Any], calls: list[Call], depth: int = DEPTH) -> list[Any]:
    """Return the states that a few calls lead to."""
    return states_from(model, model.initial, calls, depth)


def states_from(
    model: Model[Any], first: Any, calls: list[Call], depth: int
) -> list[Any]:
    seen = {first: None}
    frontier = [first]
    for _ in range(depth):
        following = [model.step(state, one) for state in frontier for one in calls]
        frontier = [
            state for state in dict.fromkeys(following) if state not in {None, *seen}
        ]
        seen.update(dict.fromkeys(frontier))
    return list(seen)


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest) -> Model[Any]:
    if request.param == "semaphore":
        return MODELS["semaphore"](2)
    return MODELS[request.param]()


def test_there_are_states_to_speak_of(model: Model[Any]) -> None:
    """The alphabets lead somewhere, and nothing is legal or illegal everywhere."""
    calls = calls_of(model)
    states = states_of(model, calls)
    assert len(states) >= 2
    outcomes = {model.step(s, one) is None for s in states for one in calls}
    assert outcomes == {True, False}


def test_a_step_has_one_outcome(model: Model[Any]) -> None:
    """The same call in the same state leads to the same state, in a new model too."""
    calls = calls_of(model)
    again = type(model)(2) if model.name == "semaphore" else type(model)()
    for state, one in product(states_of(model, calls), calls):
        first = model.step(state, one)
        assert model.step(state, one) == first
        assert again.step(state, one) == first


def test_a_pure_call_changes_no_state(model: Model[Any]) -> None:
    """Where it is legal, the state is the same after it."""
    calls = calls_of(model)
    states = states_of(model, calls)
    for one in calls:
        rule = model.functions[one.f]
        pure = rule.pure if rule.pure is not None else model.is_pure(one)
        idle = one.known and not one.failed and one.output in rule.idle
        if pure or idle or model.is_pure(one):
            assert {model.step(state, one) for state in states} <= {None, *states}
            for state in states:
                assert model.step(state, one) in {None, state}


def test_functions_and_calls_agree_on_purity(model: Model[Any]) -> None:
    """What a function says of all its calls is not denied of one of them."""
    for one in calls_of(model):
        rule = model.functions[one.f]
        if rule.pure is False and not rule.idle:
            assert not model.is_pure(one)
        if rule.pure:
            assert model.is_pure(one) or model.name == "set"


def test_what_cannot_lead_does_not(model: Model[Any]) -> None:
    """From a state that is given up for a call, no few steps make the call legal."""
    calls = calls_of(model)
    for state, one in product(states_of(model, calls, 2), calls):
        if not model.can_lead(state, one):
            after = states_from(model, state, calls, 2)
            assert all(model.step(later, one) is None for later in after)


def test_preparing_twice_is_preparing_once(model: Model[Any]) -> None:
    """A prepared call stays as it is, unless its form says that it is prepared."""
    for one in calls_of(model):
        again = model.prepare(one, nil_is_value=True)
        assert again == one


def test_every_call_and_state_has_a_description(model: Model[Any]) -> None:
    """Nothing is too odd to be told."""
    calls = calls_of(model)
    assert all(model.describe(one) for one in calls)
    assert all(model.describe_state(state) for state in states_of(model, calls))


def test_every_refusal_is_told(model: Model[Any]) -> None:
    """What is illegal has a reason, which is short, and not the default one."""
    calls = calls_of(model)
    for state, one in product(states_of(model, calls), calls):
        if model.step(state, one) is None:
            why = model.refusal(state, one)
            assert 0 < len(why) < 200
            assert "cannot be while" not in why


def test_parts_tell_what_the_whole_tells(model: Model[Any]) -> None:
    """A sequence is legal if and only if it is for each part that it is about."""
    calls = [one for one in calls_of(model) if model.partition(one) is not None]
    for sequence in product(calls, repeat=2 if len(calls) > 10 else 3):
        state = model.initial
        parts: dict[Any, Any] = {}
        for one in sequence:
            state = state if state is None else model.step(state, one)
            key, own = model.partition(one)  # type: ignore[misc] # has a part
            part = model.part(key)
            before = parts.setdefault(key, part.initial)
            parts[key] = None if before is None else part.step(before, own)
        assert (state is None) is any(part is None for part in parts.values())
