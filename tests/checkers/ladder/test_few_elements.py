"""What is wrong with a set is shown by one or two of its elements."""

from __future__ import annotations

from array import array
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.ladder import check_models
from checkers.ladder._few_elements import with_few_elements
from checkers.ladder._subproblem import unordered
from checkers.models import MODELS
from checkers.search import OPEN, PROGRAM, REAL_TIME, Order, Problem, problems, verify
from checkers.search.polynomial import _growing_set as growing_set
from histories import Event, History

from ..search.oracle import (  # noqa: TID252 # tests are no package that could be named
    linearization,
    sequentialization,
)


def draw_history(rng: Random) -> History:
    """Return a history of clients of replicas that tell each other what they have."""
    replicas: list[set[int]] = [set() for _ in range(rng.randrange(1, 4))]
    events: list[Event] = []
    running: dict[int, tuple[str, int | None]] = {}
    added = 0

    def record(type_: str, process: int, f: str, value: object) -> None:
        at = len(events)
        events.append(
            Event(index=at, time=at, type=type_, process=process, f=f, value=value)  # type: ignore[arg-type] # one of the four
        )

    for _ in range(rng.randrange(4, 24)):
        process = rng.randrange(4)
        replica = replicas[process % len(replicas)]
        if rng.random() < 0.3:
            replica |= rng.choice(replicas)
        if process not in running:
            f = rng.choice(("add", "read"))
            added += f == "add"
            value = rng.randrange(added) if rng.random() < 0.1 and added else added
            running[process] = f, value if f == "add" else None
            record("invoke", process, *running[process])
            continue
        f, given_value = running.pop(process)
        if given_value is not None:
            replica.add(given_value)
        if rng.random() < 0.1:
            record("info", process, f, given_value)
        else:
            record("ok", process, f, given_value if f == "add" else list(replica))
    return History.from_events(events)


def truth(problem: Problem, order: Order) -> bool:
    """Return by brute force whether there is an order."""
    found = linearization if order == REAL_TIME else sequentialization
    return found(problem) is not None


seeds = given(st.integers(0, 1 << 60))


@settings(max_examples=300, deadline=None)
@seeds
def test_few_elements_have_no_order_where_all_have_none(seed: int) -> None:
    """The problem of the named elements is a no by brute force, and so are few operations."""
    history = draw_history(Random(seed))
    [problem] = problems(history, MODELS["set"](), partition=False)
    for order in (REAL_TIME, PROGRAM):
        answer = growing_set.test(problem, order)
        if answer is None or answer.outcome == "yes":
            continue
        few, same = with_few_elements(problem, answer)
        assert not truth(few, order)
        assert growing_set.test(few, order).outcome == "no"  # type: ignore[union-attr] # a set
        assert all(0 <= i < len(few) for i in same.explanation["operations"])


@settings(max_examples=300, deadline=None)
@seeds
def test_reads_that_never_return_say_nothing(seed: int) -> None:
    """Where any may be open, as when causes are looked for, brute force agrees."""
    rng = Random(seed)
    history = draw_history(rng)
    [problem] = problems(history, MODELS["set"](), partition=False)
    part = unordered(problem)
    returns = array("I", (OPEN if rng.random() < 0.5 else end for end in part.returns))
    part = msgspec.structs.replace(part, returns=returns)
    answer = growing_set.test(part, REAL_TIME)
    assert answer is not None
    assert (answer.outcome == "yes") is truth(part, REAL_TIME)
    if answer.outcome == "yes":
        assert verify(part, REAL_TIME, answer.order)
        assert growing_set.explains(part, answer.order)


def record(
    events: list[Event], process: int, f: str, value: object, got: object
) -> None:
    """Append an operation that overlaps no other."""
    for type_, content in (("invoke", value), ("ok", got)):
        at = len(events)
        events.append(
            Event(
                index=at,
                time=at * 1000,
                type=type_,
                process=process,
                f=f,
                value=content,
            )  # type: ignore[arg-type] # one of the four
        )


@pytest.mark.parametrize(
    ("last", "verdicts"),
    [(True, {"yes"}), (False, {"no"})],
)
def test_asking_for_an_element_reveals_all_of_it(
    last: bool,  # noqa: FBT001 # an answer
    verdicts: set[str],
) -> None:
    """Where nothing reads the whole set, guarantees are known of each element."""
    events: list[Event] = []
    record(events, 0, "add", 1, None)
    record(events, 0, "contains", 1, last)
    record(events, 1, "contains", 2, False)
    result = check_models(History.from_events(events), "set")
    models = result.statistics["models"]
    assert {
        models["read-your-writes"]["verdict"],
        models["causal"]["verdict"],
    } == verdicts
    assert models["monotonic-reads"]["verdict"] == "yes"


def test_thousands_of_elements_take_no_search() -> None:
    """Reads that grow are judged by what is new in them."""
    events: list[Event] = []
    for element in range(2000):
        record(events, 0, "broadcast", element, None)
        if element % 10 == 0:
            record(events, 1, "read", None, list(range(element + 1)))
    result = check_models(History.from_events(events), "set")
    assert result.statistics["models"]["linearizable"]["verdict"] == "yes"
    assert result.statistics["configurations"] == 0
    record(events, 1, "read", None, list(range(1000)))
    result = check_models(History.from_events(events), "set", declared="causal")
    assert result.statistics["weakest-failing"] == ["monotonic-reads"]


def test_a_read_of_hundreds_is_told_by_what_it_lacks() -> None:
    """A witness has the operations on what is missing, and not on the rest."""
    events: list[Event] = []
    for element in range(300):
        record(events, 0, "add", element, None)
    record(events, 1, "read", None, [each for each in range(300) if each != 150])
    result = check_models(History.from_events(events), "set")
    [violation] = [each for each in result.anomalies if each.name == "non-linearizable"]
    assert len(violation.operations) == 2
    assert [each["does"] for each in violation.data["operations"]] == [
        "add 150",
        "read: lacks 150",
    ]
    assert violation.data["operations-before"] == 301
    [end] = violation.data["dead-ends"]
    assert end["state"] == "{150}"
    assert end["candidates"][0]["why"] == "lacks 150, which is in the set"
