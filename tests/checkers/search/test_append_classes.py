"""A store that is appended to is one that is compared and set, where that is clear."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import check_models
from checkers.models import KeyValue
from checkers.search import PROGRAM, REAL_TIME, Problem, problems, verify
from checkers.search.polynomial import decide
from histories import Event, History

from .oracle import linearization, sequentialization
from .polynomial.drawn import Thing, draw


class Strings(Thing):
    """A few strings that are put, appended to, and read."""

    def __init__(self, keys: int, *, initial: Any, again: float) -> None:
        self.values = [initial] * keys
        self.parts = 0
        self.again = again

    def ask(self, rng: Random, process: int) -> tuple[str, Any]:
        key, what = rng.randrange(len(self.values)), rng.random()
        if what < 0.45:
            return "get", [key, None]
        if what < 0.55:
            return "put", [key, rng.choice(("", "p", self._part(rng)))]
        return "append", [key, self._part(rng)]

    def do(self, f: str, value: Any, process: int) -> Any:
        key, item = value
        if f == "get":
            return [key, self.values[key]]
        before = self.values[key] or ""
        self.values[key] = item if f == "put" else before + item
        return value

    def other(self, rng: Random, f: str, value: Any) -> Any:
        if f != "get":
            return value
        key, item = value
        text = item or ""
        at = rng.randrange(0, len(text) + 1, 2) if text else 0
        return [key, rng.choice((text[:at], text[at:], text + self._part(rng), ""))]

    def _part(self, rng: Random) -> str:
        if not self.parts or rng.random() >= self.again:
            self.parts += 1
        return f"{rng.choice('abc') if self.again else 'a'}{self.parts}"


def _history(rng: Random) -> tuple[History, Any]:
    initial = rng.choice(("", "", None, "z"))
    thing = Strings(
        rng.choice((1, 1, 2)), initial=initial, again=rng.choice((0, 0, 0.2))
    )
    history = draw(
        rng,
        thing,
        operations=rng.randrange(2, 10),
        clients=rng.randrange(1, 5),
        lost=rng.choice((0, 0.1, 0.3)),
        wrong=rng.choice((0, 0, 1, 2)),
        real_time=rng.random() < 0.6,
    )
    return history, initial


def _problems(history: History, initial: Any, *, plain: bool) -> list[Problem]:
    model = KeyValue(initial)
    if plain:
        assert model.cell is not None
        model.cell = msgspec.structs.replace(model.cell, appends=frozenset())
    return problems(history, model, nil_read="value")


@settings(max_examples=400, deadline=None)
@given(seed=st.integers(0, 1 << 60))
def test_both_have_the_same_orders(seed: int) -> None:
    """Brute force says the same of strings and of swaps, and tests agree with it."""
    history, initial = _history(Random(seed))
    pairs = zip(
        _problems(history, initial, plain=True),
        _problems(history, initial, plain=False),
        strict=True,
    )
    for strings, swaps in pairs:
        for order, find in ((REAL_TIME, linearization), (PROGRAM, sequentialization)):
            expected = find(strings)
            assert (expected is None) is (find(swaps) is None)
            answer = decide(swaps, order)
            if answer is not None and answer.outcome != "unknown":
                assert answer.outcome == ("no" if expected is None else "yes")
            if answer is not None and answer.outcome == "yes" and swaps.register:
                # What proves the one proves the other.
                assert list(strings.operations) == list(swaps.operations)
                assert verify(strings, order, answer.order)


def test_most_histories_are_taken_apart() -> None:
    """What is drawn is worth being drawn."""
    found = []
    for seed in range(300):
        history, initial = _history(Random(seed))
        found += [
            part.register is not None
            for part in _problems(history, initial, plain=False)
            if any(part.automaton.call(cls).f != "get" for cls in part.classes)
        ]
    assert found.count(True) > 100
    assert found.count(False) > 20


@pytest.mark.parametrize(
    ("last", "weakest"),
    [("a1", "monotonic-reads"), ("a1a2a3", None)],
)
def test_a_store_that_is_appended_to_has_guarantees(
    last: str, weakest: str | None
) -> None:
    """What a read shows tells whose append it saw last, and what that had found."""
    events: list[Event] = []
    for process, f, asked, got in (
        (0, "append", "a1", "a1"),
        (0, "append", "a2", "a2"),
        (1, "get", None, "a1a2"),
        (2, "append", "a3", "a3"),
        (1, "get", None, last),
    ):
        for type_, value in (("invoke", asked), ("ok", got)):
            at = len(events)
            events.append(
                Event(
                    index=at,
                    time=at,
                    type=type_,
                    process=process,
                    f=f,
                    value=[0, value],
                )  # type: ignore[arg-type] # one of the four
            )
    result = check_models(History.from_events(events), KeyValue(""))
    failing = result.statistics["weakest-failing"]
    assert (weakest in failing) if weakest else not failing
