"""What is illegal says why, and large states are told in a few words."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.models import MODELS, Call, freeze


def call(f: str, given: Any = None, got: Any = None) -> Call:
    """Return a call with frozen values."""
    return Call(f, freeze(given), freeze(got))


LONG = list(range(10, 40))


@pytest.mark.parametrize(
    ("name", "init", "calls", "refused", "text"),
    [
        ("register", 2, [], call("read", None, 1), "needs 1, the state is 2"),
        ("cas-register", 2, [], call("cas", [1, 3]), "needs 1, the state is 2"),
        ("kv", 2, [], call("append", "a"), "needs a string, the state is 2"),
        (
            "multi-register",
            {"x": 0, "y": 2},
            [],
            call("txn", [["read", "x", 0], ["read", "y", 1]]),
            "needs y = 1, and y is 2",
        ),
        ("g-counter", 2, [], call("read", None, 3), "needs 3, the sum is 2"),
        ("mutex", None, [], call("release"), "the lock is free"),
        (
            "owned-mutex",
            None,
            [Call("acquire", process=2)],
            Call("acquire", process=1),
            "the lock is held by process 2",
        ),
        (
            "semaphore",
            3,
            [call("acquire", 2)],
            call("acquire", 2),
            "needs 2 permits, 1 of 3 left",
        ),
        ("semaphore", 3, [], call("release"), "returns 1 permit, 0 of 3 taken"),
        ("set", [1, 2], [], call("contains", 3, True), "3 is not in the set"),
        (
            "set",
            [1, 2],
            [],
            call("read", None, [1, 3]),
            "needs 3, which is not in the set, and lacks 2, which is",
        ),
        ("fifo-queue", [3, 1], [], call("dequeue", None, 1), "the queue's head is 3"),
        ("fifo-queue", None, [], call("dequeue", None, 1), "the queue is empty"),
        ("stack", [3, 1], [], call("pop", None, 3), "the stack's top is 1"),
        (
            "priority-queue",
            [3, [1, "a"], [1, "b"]],
            [],
            call("poll", None, 3),
            'the queue\'s least element is [1,"a"] and [1,"b"]',
        ),
        (
            "unordered-queue",
            [3, 1],
            [],
            call("dequeue", None, 2),
            "2 is not in the queue",
        ),
        ("unordered-queue", [3, 1], [], call("dequeue"), "the queue has 1 and 3"),
        (
            "append-list",
            [3, 1],
            [],
            call("read", None, [3, 2]),
            "needs 2 at place 2, the list has 1 there",
        ),
        (
            "append-list",
            [3],
            [],
            call("read", None, [3, 2]),
            "needs 2 at place 2, the list ends before that",
        ),
        (
            "append-list",
            LONG,
            [],
            call("read", None, []),
            "lacks 10, 11, 12 and 27 more, at the end of the list",
        ),
    ],
)
def test_what_is_illegal_says_what_it_needs(
    name: str, init: Any, calls: list[Call], refused: Call, text: str
) -> None:
    """A reason names what a call needs, and what is there instead."""
    model = MODELS[name]() if init is None else MODELS[name](init)
    state = model.initial
    for one in calls:
        state = model.step(state, one)
    assert model.step(state, refused) is None
    assert model.refusal(state, refused) == text


@pytest.mark.parametrize("name", ["fifo-queue", "set", "append-list", "stack"])
def test_a_large_state_is_told_in_a_few_words(name: str) -> None:
    """Both ends of a long list are shown, and how long it is."""
    model = MODELS[name](list(range(5000)))
    text = model.describe_state(model.initial)
    assert len(text) < 100
    assert text[1:6] == "0,1,2"
    assert "4999 (5000 in all)" in text


@pytest.mark.parametrize("name", ["register", "kv"])
def test_a_large_value_is_clipped(name: str) -> None:
    """Of a long string, the beginning and the end are shown."""
    model = MODELS[name]("ab" * 5000)
    assert len(model.describe_state(model.initial)) < 100
