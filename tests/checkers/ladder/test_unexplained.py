"""What no order explains is found by counting, and only that."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import Verdict, check_models
from checkers.ladder._subproblem import unordered
from checkers.ladder._unexplained import find_unexplained
from checkers.models import MODELS, Mutex, Semaphore, Set
from checkers.search import problems
from histories import Event, History

from ..search.oracle import linearization  # noqa: TID252 # tests are no package that could be named
from ..search.polynomial.drawn import Blocked, Thing, draw  # noqa: TID252 # as above
from ..search.polynomial.kinds import KINDS  # noqa: TID252 # as above
from ..search.polynomial.things import Members  # noqa: TID252 # as above


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers.models import Model
    from checkers.search import Problem


class Permits(Thing):
    """Permits of which more are given out than there are, now and then."""

    def __init__(self, permits: int) -> None:
        self.left = permits

    def ask(self, rng: Random, process: int) -> tuple[str, Any]:
        value = rng.choice((None, 1, 2)) if self.left > 1 else None
        return rng.choice(("acquire", "acquire", "release")), value

    def do(self, f: str, value: Any, process: int) -> Any:
        if process % 3 == 0:
            return value
        count = value or 1
        if f == "acquire" and self.left < count:
            raise Blocked
        self.left += count if f == "release" else -count
        return value


class ReadMembers(Members):
    """A set that is read as a whole as well."""

    def ask(self, rng: Random, process: int) -> tuple[str, Any]:
        return ("read", None) if rng.random() < 0.3 else super().ask(rng, process)

    def do(self, f: str, value: Any, process: int) -> Any:
        if f == "read":
            return sorted(self.members)
        return super().do(f, value, process)

    def other(self, rng: Random, f: str, value: Any) -> Any:
        if f == "read":
            return sorted({*value, rng.randrange(3)}.difference({rng.randrange(3)}))
        return super().other(rng, f, value)


def _drawn(
    thing: Callable[[Random], Thing], model: Callable[[], Model[Any]]
) -> Callable[[Random], Problem]:
    def problem(rng: Random) -> Problem:
        history = draw(
            rng,
            thing(rng),
            operations=rng.randrange(2, 9),
            clients=3,
            wrong=rng.choice((1, 3)),
        )
        [found] = problems(history, model(), partition=False)
        return found

    return problem


class Transactions(Thing):
    """Two registers that are read and written at once."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {"x": 0, "y": 0}

    def ask(self, rng: Random, process: int) -> tuple[str, Any]:
        steps: list[list[Any]] = []
        for key in rng.sample("xy", rng.randrange(1, 3)):
            write = ["w", key, rng.randrange(1, 4)]
            steps.append(rng.choice((write, ["r", key, None])))
        return "txn", steps

    def do(self, f: str, value: Any, process: int) -> Any:
        done = []
        for name, key, item in value:
            if name == "w":
                self.values[key] = item
            done.append([name, key, self.values[key]])
        return done

    def other(self, rng: Random, f: str, value: Any) -> Any:
        return [
            [name, key, rng.randrange(5) if name == "r" else item]
            for name, key, item in value
        ]


def _kind(name: str) -> Callable[[Random], Problem]:
    return lambda rng: KINDS[name].problem(rng)[0]


DRAWS: dict[str, Callable[[Random], Problem]] = {
    **{name: _kind(name) for name in KINDS if name not in {"registers", "owned-mutex"}},
    "mutex": _drawn(lambda _: Permits(1), Mutex),
    "semaphore": _drawn(lambda _: Permits(2), lambda: Semaphore(2)),
    "set": _drawn(lambda _: ReadMembers(elements=2), Set),
    "multi-register": _drawn(
        lambda _: Transactions(), lambda: MODELS["multi-register"]({"x": 0, "y": 0})
    ),
}


@pytest.mark.parametrize("name", DRAWS)
@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 1 << 60))
def test_brute_force_finds_no_order_either(name: str, seed: int) -> None:
    """Whatever counting refutes, no order of all operations explains."""
    problem = DRAWS[name](Random(seed))
    if find_unexplained(problem) is not None:
        assert linearization(unordered(problem)) is None


@pytest.mark.parametrize("name", DRAWS)
def test_counting_finds_something(name: str) -> None:
    """What is drawn is worth being drawn."""
    found = [find_unexplained(DRAWS[name](Random(seed))) for seed in range(400)]
    assert sum(one is not None for one in found) > 3


def _history(*deeds: tuple[int, str, Any, Any]) -> History:
    """Return operations that do not overlap: process, function, input, output."""
    events: list[Event] = []
    for process, f, given_value, got in deeds:
        for type_, value in (("invoke", given_value), ("ok", got)):
            at = len(events)
            events.append(
                Event(index=at, time=at, type=type_, process=process, f=f, value=value)  # type: ignore[arg-type] # one of the four
            )
    return History.from_events(events)


CASES: dict[str, tuple[str, list[tuple[int, str, Any, Any]], str]] = {
    "queue gives twice": (
        "fifo-queue",
        [
            (0, "enqueue", 1, None),
            (1, "dequeue", None, 1),
            (2, "dequeue", None, 1),
        ],
        "gave 1, which was put in once",
    ),
    "queue gives what was never there": (
        "unordered-queue",
        [(0, "enqueue", 1, None), (1, "dequeue", None, 2)],
        "gave 2, which was never put in",
    ),
    "lock is held twice": (
        "mutex",
        [(0, "acquire", None, None), (1, "acquire", None, None)],
        "In all, acquire returned for 2",
    ),
    "sum of nothing": (
        "pn-counter",
        [(0, "add", 4, None), (0, "add", 6, None), (1, "read", None, 5)],
        "returned 5, which is the sum of no choice of adds",
    ),
    "element from nowhere": (
        "set",
        [(0, "add", 4, None), (0, "remove", 4, None), (1, "read", None, [5])],
        "returned 5, which nobody added",
    ),
    "lists that part": (
        "append-list",
        [
            (0, "append", 1, None),
            (1, "append", 2, None),
            (1, "append", 2, None),
            (1, "read", None, [1, 2]),
            (1, "read", None, [2, 1]),
        ],
        "have 1 and 2 in the same place, number 1 of a list that only grows",
    ),
    "transaction from nowhere": (
        "multi-register",
        [
            (0, "txn", [["w", "x", 1]], [["w", "x", 1]]),
            (
                0,
                "txn",
                [["r", "x", None], ["r", "y", None]],
                [["r", "x", 2], ["r", "y", None]],
            ),
        ],
        "found 2 in x, which nobody had written there",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_no_order_explains_settles_sequential_consistency(case: str) -> None:
    """No search is waited for, and the result says what was counted."""
    model, deeds, words = CASES[case]
    result = check_models(_history(*deeds), model, declared="sequential", nodes=0)
    assert result.verdict is Verdict.INVALID
    models = result.statistics["models"]
    assert models["linearizable"]["verdict"] == "no"
    assert models["sequential"]["verdict"] == "no"
    assert words in " ".join(level["why"] for level in models.values())


def test_a_key_that_fails_alone_fails_all_together() -> None:
    """A search over many keys may take for ever where one key alone does not."""
    deeds: list[tuple[int, str, Any, Any]] = []
    for key in range(30):
        for process in range(4):
            deeds.append((process, "enqueue", [key, process], None))
            deeds.append((process, "dequeue", [key, None], [key, (process + 2) % 4]))
    deeds += [
        (9, "enqueue", ["bad", 1], None),
        (9, "enqueue", ["bad", 2], None),
        (9, "dequeue", ["bad", None], ["bad", 2]),
        (9, "dequeue", ["bad", None], ["bad", 1]),
    ]
    result = check_models(
        _history(*deeds), "fifo-queue", declared="sequential", independent=True
    )
    assert result.statistics["models"]["sequential"]["verdict"] == "no"
