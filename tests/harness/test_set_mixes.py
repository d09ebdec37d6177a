"""What clients do to sets: each element a few times, and questions that nodes know."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from harness.generators import Context, Op, Worker, repeat
from harness.workloads._plots import SETTLED_NS, Litmus
from harness.workloads._set_mixes import HOT, PLOTS, Asking, Hot
from histories import Event


WORKERS = tuple(Worker(id=i, process=i, node=f"n{i % 3 + 1}") for i in range(6))
STEP_NS = 10_000_000


def context(rng: Random, step: int, busy: int = 0) -> Context:
    """Return a moment at which so many workers are busy."""
    free = rng.sample(WORKERS, len(WORKERS) - busy)
    return Context(time=step * STEP_NS, rng=rng, free=free, workers=WORKERS)


def deeds(seed: int, busy: int) -> dict[str, list[tuple[str, str, int]]]:
    """Return what is done to each element: what, where and at which time."""
    rng = Random(seed)
    generator: Any = Litmus(field="element", plots=PLOTS)
    done: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for step in range(2_000):
        moment = context(rng, step, busy)
        first, generator = generator.next(moment)
        assert isinstance(first, Op)
        ops = (first, *first.along)
        workers = [op.worker for op in ops]
        assert len(set(workers)) == len(workers)
        assert {worker.id for worker in moment.free}.issuperset(workers)
        for op in ops:
            assert op.worker is not None
            node = WORKERS[op.worker].node
            done[op.value["element"]].append((op.f, node, moment.time))
    return done


@pytest.mark.parametrize("busy", [0, 3, 5])
def test_a_node_adds_and_removes_an_element_once_at_most(busy: int) -> None:
    """So that it can be told what removes have observed; and it begins with an add."""
    for life in deeds(1, busy).values():
        assert life[0][0] == "add"
        often = Counter((f, node) for f, node, _ in life)
        assert set(often.values()) == {1}


def test_elements_are_removed_long_after_all_have_heard_of_them() -> None:
    """Of such ones it is certain that the remove has observed the add."""
    settled = 0
    for life in deeds(2, 0).values():
        (_, first, added), *rest = life
        removes = [(node, at) for f, node, at in rest if f == "remove"]
        settled += any(
            node != first and at - added >= SETTLED_NS[0] for node, at in removes
        )
    assert settled > 100


def test_removes_and_adds_meet() -> None:
    """One element is removed and added on two nodes at the same time."""
    met = 0
    for life in deeds(3, 0).values():
        for (f, node, at), (g, other, then) in pairwise(life):
            met += {f, g} == {"add", "remove"} and node != other and then == at
    assert met > 100


def test_every_plot_comes_up() -> None:
    """What is drawn are plots, from their beginning."""
    found = {
        tuple(f for f, _, _ in life) for life in deeds(4, 0).values() if len(life) > 1
    }
    assert {tuple(deed.f for deed in plot) for plot in PLOTS if len(plot) > 1} <= found


def test_hot_elements_are_added_more_often_than_removed() -> None:
    """Else hardly any would be there."""
    rng = Random(5)
    ops = [Hot().next(context(rng, 0))[0] for _ in range(1_000)]
    drawn = Counter(op.f for op in ops if isinstance(op, Op))
    assert drawn["add"] > drawn["remove"] > 300


def test_nobody_asks_again_what_nodes_do_not_know() -> None:
    """Other errors are no reason, nor are those of other operations."""
    rng = Random(6)
    generator: Any = Asking(repeat("read"))

    def told(f: str, error: str) -> Event:
        return Event(
            index=0, time=0, type="fail", process=0, f=f, value=None, error=[error, ""]
        )

    for event in (told("contains", "crash"), told("add", "not-supported")):
        generator = generator.update(context(rng, 0), event, 0)
        assert generator.next(context(rng, 0))[0].f == "contains"
    event = told("contains", "not-supported")
    generator = generator.update(context(rng, 0), event, 0)
    assert {generator.next(context(rng, 0))[0].f for _ in range(20)} == {"read"}


def test_who_has_removed_something_is_asked_about_it() -> None:
    """As the node has to know, and of a hot element hardly ever can tell."""
    rng = Random(7)
    generator: Any = Asking(repeat("read"))
    for number in range(20):
        event = Event(
            index=number,
            time=0,
            type="ok",
            process=1,
            f="remove",
            value={"element": f"x{number}", "tags_removed": []},
        )
        generator = generator.update(context(rng, 0), event, 1)
    asked = [generator.next(context(rng, 0))[0] for _ in range(100)]
    removed = [op for op in asked if op.value["element"] not in HOT]
    assert {op.value["element"] for op in removed} == {f"x{n}" for n in range(12, 20)}
    assert {op.worker for op in removed} == {1}
    assert 20 < len(removed) < 80
    busy = Context(time=0, rng=rng, free=WORKERS[2:], workers=WORKERS)
    others = [generator.next(busy)[0] for _ in range(20)]
    assert {op.value["element"] for op in others} <= {*HOT}
