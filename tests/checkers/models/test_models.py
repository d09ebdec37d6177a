"""Every model against sequences made by hand."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import checkers.models
from checkers.models import FALSE, MODELS, Call, Model, ModelError, freeze


def call(f: str, given: Any = None, got: Any = None, **more: Any) -> Call:
    return Call(f, freeze(given), freeze(got), **more)


def unknown(f: str, given: Any = None) -> Call:
    """Return a call that never returned."""
    return Call(f, freeze(given), None, known=False)


def failed(f: str, given: Any) -> Call:
    return Call(f, freeze(given), None, failed=True)


def by(process: int, f: str) -> Call:
    return Call(f, process=process)


def replay(model: Model[Any], *calls: Call) -> Any:
    """Return the state after calls in sequence; None if one of them is illegal."""
    state = model.initial
    for one in calls:
        prepared = model.prepare(one, nil_is_value=True)
        assert prepared is not None
        state = model.step(state, prepared)
        if state is None:
            break
    return state


READ, WRITE, CAS = "read", "write", "cas"
QUEUES = ["fifo-queue", "unordered-queue"]

LEGAL: list[tuple[str, Any, list[Call]]] = [
    ("register", None, [call(READ), call(WRITE, 1), call(READ, None, 1)]),
    ("register", None, [call(WRITE, 1), call(WRITE, None), call(READ, None, None)]),
    ("register", [1], [call(READ, None, [1])]),
    ("cas-register", 0, [call(CAS, [0, 1]), call(READ, None, 1)]),
    ("cas-register", 0, [failed(CAS, [1, 2]), call(READ, None, 0)]),
    ("kv", "", [call("append", "a"), call("append", "b"), call("get", None, "ab")]),
    ("kv", None, [call("append", "a"), call("put", 3), call(CAS, [3, 4])]),
    (
        "multi-register",
        {"x": 0},
        [
            call("txn", None, [["read", "x", 0], ["write", "x", 1], ["r", "x", 1]]),
            call("txn", [["w", "y", 2]], None),
            call(READ, None, {"x": 1, "y": 2, "z": None}),
            call(WRITE, {"x": 0}),
        ],
    ),
    ("multi-register", {"0": 5}, [call("txn", None, [["read", 0, 5]])]),
    ("g-counter", 0, [call("add", 2), call("increment"), call(READ, None, 3)]),
    ("g-counter", 7, [call("add", 0), call(READ, None, 7)]),
    (
        "pn-counter",
        0,
        [
            call("add", -2),
            call("decrement", 3),
            call("decrement"),
            call(READ, None, -6),
        ],
    ),
    ("mutex", None, [call("acquire"), call("release"), call("acquire")]),
    ("mutex", True, [call("release")]),
    ("owned-mutex", None, [by(1, "acquire"), by(1, "release"), by(2, "acquire")]),
    ("semaphore", 2, [call("acquire"), call("acquire"), call("release", 2)]),
    (
        "set",
        None,
        [
            call("add", 1, True),
            call("add", 1, False),
            call("remove", 2, False),
            call("contains", 1, True),
            call("contains", 2, False),
            unknown("add", 2),
            unknown("remove", 1),
            call(READ, None, [2, 2]),
        ],
    ),
    ("set", [1, "1"], [call(READ, None, ["1", 1]), call("remove", 1, True)]),
    (
        "fifo-queue",
        [0],
        [
            call("enqueue", 1),
            call("dequeue", None, 0),
            unknown("dequeue"),
            call("dequeue", None, None),
            unknown("dequeue"),
        ],
    ),
    (
        "unordered-queue",
        [0],
        [
            call("enqueue", 1),
            call("enqueue", 1),
            call("dequeue", None, 1),
            unknown("dequeue"),
            call("dequeue", None, 1),
            call("dequeue", None, None),
            unknown("dequeue"),
            call("enqueue", 3),
            call("dequeue", None, 3),
        ],
    ),
    (
        "stack",
        [0],
        [
            call("push", 1),
            call("push", 2),
            call("pop", None, 2),
            unknown("pop"),
            call("pop", None, 0),
            call("pop", None, None),
        ],
    ),
    (
        "priority-queue",
        [3],
        [
            call("insert", [2, "a"]),
            call("insert", [2, "b"]),
            call("insert", 1),
            call("poll", None, 1),
            unknown("poll"),
            call("poll", None, [2, "b"]),
            call("poll", None, 3),
            call("poll", None, None),
        ],
    ),
    ("append-list", [0], [call("append", 1), call(READ, None, [0, 1])]),
]

ILLEGAL: list[tuple[str, Any, list[Call]]] = [
    ("register", 0, [call(READ, None, None)]),
    ("register", 1, [call(READ, None, True)]),
    ("register", 1, [call(READ, None, 1.0)]),
    ("register", 1, [call(READ, None, "1")]),
    ("cas-register", 0, [call(CAS, [1, 2])]),
    ("cas-register", 0, [call(CAS, [False, 2])]),
    ("cas-register", 0, [failed(CAS, [0, 2])]),
    ("kv", None, [call("get", None, "")]),
    ("kv", 3, [call("append", "a")]),
    ("kv", "", [call("append", "a"), call("put", "b"), call("get", None, "ab")]),
    ("multi-register", {"x": 0}, [call("txn", None, [["w", "x", 1], ["r", "x", 0]])]),
    ("multi-register", {"x": 0}, [call(READ, None, {"x": 0, "y": 0})]),
    ("g-counter", 0, [call("add", 2), call(READ, None, 1)]),
    ("pn-counter", 0, [call("decrement"), call(READ, None, 1)]),
    ("mutex", None, [call("release")]),
    ("mutex", None, [call("acquire"), call("acquire")]),
    ("owned-mutex", None, [by(1, "acquire"), by(2, "release")]),
    ("owned-mutex", None, [by(1, "acquire"), by(1, "acquire")]),
    ("owned-mutex", None, [by(0, "release")]),
    ("semaphore", 2, [call("acquire", 3)]),
    ("semaphore", 1, [call("acquire"), call("acquire")]),
    ("semaphore", 1, [call("release")]),
    ("set", None, [call("add", 1, False)]),
    ("set", [1], [call("add", 1, True)]),
    ("set", [1], [call("contains", True, True)]),
    ("set", [1], [call("remove", 1, False)]),
    ("set", None, [call("add", 1), call(READ, None, [1, 2])]),
    ("set", None, [unknown("add", 1), call(READ, None, [])]),
    *[(name, [1], [call("dequeue", None, None)]) for name in QUEUES],
    *[(name, [1], [call("dequeue", None, 2)]) for name in QUEUES],
    *[(name, None, [call("dequeue", None, 1)]) for name in QUEUES],
    ("fifo-queue", [1, 2], [call("dequeue", None, 2)]),
    ("unordered-queue", [1, 2], [unknown("dequeue"), call("dequeue", None, 1)]),
    ("stack", [1, 2], [call("pop", None, 1)]),
    ("stack", [1], [call("pop", None, None)]),
    ("priority-queue", [1, 2], [call("poll", None, 2)]),
    ("priority-queue", [1], [call("poll", None, None)]),
    ("priority-queue", [[1, "a"], [1, "b"]], [unknown("poll"), call("poll")]),
    ("priority-queue", [[1, "a"], [2, "b"]], [call("poll", None, [2, "b"])]),
    (
        "append-list",
        None,
        [call("append", 1), call("append", 2), call(READ, None, [1])],
    ),
]


def made(name: str, init: Any) -> Model[Any]:
    return MODELS[name]() if init is None else MODELS[name](init)


@pytest.mark.parametrize(("name", "init", "calls"), LEGAL)
def test_what_is_legal(name: str, init: Any, calls: list[Call]) -> None:
    """A legal sequence comes to its end, in a state that can be described."""
    model = made(name, init)
    state = replay(model, *calls)
    assert state is not None
    hash(state)
    assert model.describe_state(state)


@pytest.mark.parametrize(("name", "init", "calls"), ILLEGAL)
def test_what_is_illegal(name: str, init: Any, calls: list[Call]) -> None:
    """The last call of an illegal sequence is the illegal one."""
    model = made(name, init)
    assert replay(model, *calls[:-1]) is not None
    assert replay(model, *calls) is None


def test_every_model_has_both_kinds_of_sequence() -> None:
    """No model is left out of the two lists."""
    assert {case[0] for case in LEGAL} == set(MODELS) == {case[0] for case in ILLEGAL}


@pytest.mark.parametrize("name", MODELS)
def test_models_say_who_they_are(name: str) -> None:
    """Each has a name, a line that says what it is, functions and a default state."""
    model = MODELS[name]()
    assert model.name == name
    assert model.doc.endswith(".")
    assert model.functions
    assert hash(model.initial) is not None


@pytest.mark.parametrize(
    ("model", "one", "text"),
    [
        ("register", call(WRITE, 3), "write 3"),
        ("register", call(READ, None, 4), "read → 4"),
        ("cas-register", call(CAS, [1, 2]), "cas 1 → 2"),
        ("cas-register", failed(CAS, [1, 2]), "cas 1 → 2 (failed)"),
        ("kv", call("append", "a"), 'append "a"'),
        ("fifo-queue", call("dequeue", None, 1), "dequeue → 1"),
        ("fifo-queue", call("dequeue", None, None), "dequeue → empty"),
        ("fifo-queue", unknown("dequeue"), "dequeue → ?"),
        ("set", call("contains", 1, True), "contains 1 → true"),
        ("set", unknown("add", 1), "add 1"),
        ("owned-mutex", by(3, "acquire"), "acquire by process 3"),
        (
            "multi-register",
            Call("txn", (("read", "x", 1), ("write", "y", 2))),
            "x = 1, y := 2",
        ),
    ],
)
def test_calls_are_described(model: str, one: Call, text: str) -> None:
    """A call is told in a few words."""
    assert MODELS[model]().describe(one) == text


@pytest.mark.parametrize(
    ("name", "init", "calls", "text"),
    [
        ("register", None, [], "null"),
        ("kv", None, [call("put", "a")], '"a"'),
        ("multi-register", {"x": 0}, [call(WRITE, {"y": 1})], "{x = 0, y = 1}"),
        ("mutex", None, [call("acquire")], "held"),
        ("owned-mutex", None, [by(4, "acquire")], "held by process 4"),
        ("owned-mutex", None, [], "free"),
        ("semaphore", 3, [call("acquire", 2)], "1 of 3 left"),
        ("set", [2], [call("add", 1)], "{1,2}"),
        ("fifo-queue", [2], [call("enqueue", 1)], "[2,1]"),
        ("unordered-queue", [2, 1], [], "[1,2]"),
        ("priority-queue", [2, [1, "b"], 1], [unknown("poll")], '[[1,"b"],2]'),
        ("g-counter", 2, [], "2"),
        ("append-list", [2], [], "[2]"),
    ],
)
def test_states_are_described(
    name: str, init: Any, calls: list[Call], text: str
) -> None:
    """A state is told in a few words."""
    model = made(name, init)
    assert model.describe_state(replay(model, *calls)) == text


@pytest.mark.parametrize(
    ("name", "init"),
    [
        ("g-counter", "1"),
        ("pn-counter", True),
        ("mutex", "held"),
        ("owned-mutex", True),
        ("semaphore", 0),
        ("set", 1),
        ("fifo-queue", "ab"),
        ("append-list", {"a": 1}),
        ("multi-register", [1]),
    ],
)
def test_an_initial_state_of_another_form_is_an_error(name: str, init: Any) -> None:
    """The error says what was found, what was expected, and what to do."""
    with pytest.raises(ModelError) as raised:
        MODELS[name](init)
    assert repr(init) in str(raised.value)
    assert raised.value.expected
    assert raised.value.advice
    assert raised.value.index is None


def test_a_read_of_the_past_cannot_be_reached() -> None:
    """Only of what grows, a state tells that a read comes too late."""
    counter, log = MODELS["g-counter"](), MODELS["append-list"]()
    assert counter.can_lead(2, call(READ, None, 2))
    assert not counter.can_lead(3, call(READ, None, 2))
    assert log.can_lead((1,), call(READ, None, [1, 2]))
    assert not log.can_lead((2,), call(READ, None, [1, 2]))
    assert MODELS["pn-counter"]().can_lead(3, call(READ, None, 2))


def test_a_model_of_ones_own_is_named_after_its_class() -> None:
    """The name is in kebab-case, and the first line of the docstring says the rest."""

    class TwoFacedCoin(Model[int]):
        """Shows one side.

        Or the other.
        """

        initial = 0

        def step(self, state: int, call: Call) -> int | None:
            return 1 - state if call.output != FALSE else None

    coin = TwoFacedCoin()
    assert (coin.name, coin.doc) == ("two-faced-coin", "Shows one side.")
    assert coin.step(0, call("flip")) == 1
    assert not coin.is_pure(call("flip"))
    assert coin.can_lead(0, call("flip"))
    assert coin.partition(call("flip")) is None
    assert coin.part("head") is coin
    assert coin.describe(call("flip", 1, 2)) == "flip 1 → 2"
    assert coin.describe_state(0) == "0"


def test_the_public_names_are_sorted_and_exist() -> None:
    """`__all__` is sorted, and every name in it can be had."""
    public = checkers.models.__all__
    assert public == sorted(public, key=lambda n: (not n.isupper(), n.islower(), n))
    assert all(hasattr(checkers.models, name) for name in public)
    assert inspect.getdoc(checkers.models)
