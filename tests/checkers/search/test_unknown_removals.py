"""Where nobody knows what was taken out, every choice counts."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.models import MODELS
from checkers.search import problems
from histories import Event, History

from .oracle import linearization


if TYPE_CHECKING:
    from collections.abc import Iterator


ELEMENTS = [[1, "a"], [1, "b"], [2, "a"]]

STEPS = st.lists(
    st.tuples(st.booleans(), st.sampled_from(ELEMENTS) | st.none()), max_size=5
).map(lambda steps: [(put and e is not None, e) for put, e in steps])


def removed(name: str, state: list[Any]) -> Iterator[tuple[Any, list[Any]]]:
    """Yield what can be taken out, and what is left then: by the data type's words."""
    if not state:
        yield None, state
    for i, element in enumerate(state):
        first = {
            "fifo-queue": i == 0,
            "stack": i == len(state) - 1,
            "unordered-queue": True,
            "priority-queue": element[0] == min(state)[0],
        }[name]
        if first:
            yield element, state[:i] + state[i + 1 :]


def possible(name: str, steps: list[Any], state: list[Any]) -> bool:
    """Whether steps are legal: ("put", e), ("take", e), or ("lost", anything)."""
    if not steps:
        return True
    (what, element), *rest = steps
    if what == "put":
        return possible(name, rest, [*state, element])
    return any(
        possible(name, rest, left)
        for taken, left in removed(name, state)
        if what == "lost" or taken == element
    )


def any_possible(name: str, steps: list[Any], lost: list[int]) -> bool:
    """Whether steps are legal with some of the lost ones at any later time."""
    if possible(name, steps, []):
        return True
    for start in lost:
        others = list(lost)
        others.remove(start)
        for place in range(start, len(steps) + 1):
            longer = [*steps[:place], ("lost", None), *steps[place:]]
            moved = [at + 1 if at > place else at for at in others]
            if any_possible(name, longer, moved):
                return True
    return False


@pytest.mark.parametrize(
    "name", ["fifo-queue", "stack", "unordered-queue", "priority-queue"]
)
@given(STEPS, st.lists(st.integers(0, 5), max_size=2))
def test_a_lost_removal_took_anything_or_nothing(
    name: str, steps: list[Any], lost: list[int]
) -> None:
    """Linearizable if and only if there is a time and an element for each of them."""
    model = MODELS[name]()
    put, take = model.inserting, model.removing
    lost = sorted(min(at, len(steps)) for at in lost)
    lines: list[tuple[int, str, str, Any]] = []
    for place, (putting, element) in enumerate([*steps, (False, None)]):
        lines += [
            (100 + number, "invoke", take, None)
            for number, at in enumerate(lost)
            if at == place
        ]
        if place < len(steps):
            f = put if putting else take
            lines += [
                (0, "invoke", f, element if putting else None),
                (0, "ok", f, element),
            ]
    history = History.from_events(
        Event(index=i, time=i, type=type_, process=process, f=f, value=value)
        for i, (process, type_, f, value) in enumerate(lines)
    )
    [problem] = problems(history, model)
    words = [("put" if putting else "take", element) for putting, element in steps]
    assert (linearization(problem) is not None) is any_possible(name, words, lost)


def test_the_oracle_of_this_test_knows_ties() -> None:
    """Of two elements of the same priority, either may be gone."""
    puts = [("put", [1, "a"]), ("put", [1, "b"])]
    for element in ELEMENTS[:2]:
        steps = [*puts, ("lost", None), ("take", element), ("take", None)]
        assert possible("priority-queue", steps, [])
    for order in permutations(ELEMENTS[:2]):
        steps = [*puts, *[("take", element) for element in order]]
        assert possible("unordered-queue", steps, [])
        assert possible("stack", steps, []) is (order[0] == [1, "b"])
