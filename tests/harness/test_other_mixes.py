"""Mixes of texts, carts and counters: who is busy where others are, and who is not."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from collections.abc import Callable

    from histories import Operation

    Simulate = Callable[..., list[Operation]]


def turns(made: list[Operation]) -> list[tuple[int, int]]:
    """Return edits that follow one of another client: when the one was, and the other."""
    edits = [one for one in made if one.f in {"insert", "delete"}]
    return [
        (before.start_time, after.start_time)
        for before, after in pairwise(edits)
        if before.process != after.process
    ]


def test_one_client_at_a_time_edits_a_text_that_rests(simulate: Simulate) -> None:
    """All nodes have what the one before has typed."""
    found = turns(simulate("rga", "litmus"))
    assert len(found) >= 5
    assert all(after - before >= 100_000_000 for before, after in found)


def test_several_clients_edit_a_text_in_one_place(simulate: Simulate) -> None:
    """In turns, before one can have heard what the other has typed."""
    found = turns(simulate("rga", "contended"))
    close = [after - before < 50_000_000 for before, after in found]
    assert sum(close) > 100


@pytest.mark.parametrize(("workload", "field"), [("shopping-cart", "item")])
def test_an_item_is_added_and_removed_once_at_most_on_a_node(
    simulate: Simulate, workload: str, field: str
) -> None:
    """So that it can be told what removes have seen; and some removes are settled."""
    done = defaultdict(list)
    for one in simulate(workload, "litmus"):
        if one.f in {"add", "remove"}:
            done[one.input[field]].append(one)
    assert len(done) > 50
    settled = 0
    for deeds in done.values():
        assert set(Counter((one.f, one.node) for one in deeds).values()) == {1}
        first = deeds[0].start_time
        settled += any(
            one.f == "remove" and one.start_time - first > 200_000_000 for one in deeds
        )
    assert settled > 20


def test_quantities_of_an_item_are_different_powers_of_four(simulate: Simulate) -> None:
    """In every mix; an item whose powers are used up makes way for another."""
    for mix in ("both", "contended", "litmus"):
        made = simulate("shopping-cart", mix, rate=300.0)
        added = [one.input for one in made if one.f == "add"]
        told = [(value["item"], value["qty"]) for value in added]
        assert len(set(told)) == len(told) > 100
        assert {qty for _, qty in told} <= {4**power for power in range(25)}


@pytest.mark.parametrize("workload", ["g-counter", "pn-counter"])
def test_sums_of_telling_deltas_tell_the_adds(
    simulate: Simulate, workload: str
) -> None:
    """Each client adds always the same, which no other does."""
    made = simulate(workload, "telling")
    deltas = defaultdict(set)
    for one in made:
        if one.f == "add":
            deltas[one.process].add(one.input)
    assert all(len(each) == 1 for each in deltas.values())
    assert len({abs(delta) for each in deltas.values() for delta in each}) == len(
        deltas
    )
    signs = {delta > 0 for each in deltas.values() for delta in each}
    assert signs == ({True, False} if workload == "pn-counter" else {True})
