"""Shopping carts: each rule, brute force, and correct carts that are never accused."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import Reason, Result, Verdict
from checkers.carts import check_cart
from checkers.evidence._evidence import NOBODY

from .cart_tales import CartTale


@pytest.fixture
def tale() -> CartTale:
    return CartTale()


@pytest.mark.parametrize("left", [(), (("x", 4),)])
def test_an_add_beside_a_remove_may_be_there_or_not(
    tale: CartTale, left: tuple[tuple[str, int], ...]
) -> None:
    """For all that is known the remove has observed it."""
    tale.contend()
    tale.add("x", 0)
    add = tale.begin("add", {"item": "x", "qty": 4}, node="n2", process=2)
    tale.remove("x")
    tale.end(add)
    tale.finals(("again", 4), *left)
    result = tale.check()
    assert result.verdict is Verdict.VALID, result
    assert result.measures["undecided-count"].value == 1


def test_a_remove_takes_out_what_it_has_seen_and_no_more(tale: CartTale) -> None:
    """The digits tell which of several adds are left."""
    tale.contend()
    tale.add("x", 0)
    tale.add("x", 1, node="n2", process=2)
    tale.view(("x", 5), node="n2", process=2)
    tale.remove("x", node="n2", process=2)
    tale.add("x", 2)
    tale.finals(("again", 4), ("x", 21))
    result = tale.check()
    assert {anomaly.name for anomaly in result.anomalies} == {"resurrected-quantity"}
    assert len(result.anomalies) == 2, "two quantities"
    assert all("as does that of n2" in one.sentence for one in result.anomalies)


def test_what_was_put_in_after_the_last_remove_stays(tale: CartTale) -> None:
    """The whole item was dropped instead."""
    tale.contend()
    tale.finals()
    result = tale.check()
    assert {anomaly.name for anomaly in result.anomalies} == {"lost-quantity"}
    assert "the one remove of that item cannot have observed it" in result.summary


def test_a_node_shows_what_it_acknowledged(tale: CartTale) -> None:
    """Put in is there, taken out is not."""
    tale.contend()
    tale.view()
    tale.view(("again", 5))
    tale.finals(("again", 4))
    assert tale.names() == ["lost-quantity", "resurrected-quantity"]


def test_a_remove_elsewhere_says_nothing_of_this_node(tale: CartTale) -> None:
    """A view that began before its own remove ended may still show the quantity."""
    tale.contend()
    tale.add("x", 0)
    tale.view(("x", 1), node="n2", process=2)
    tale.remove("x", node="n2", process=2)
    remove = tale.begin("remove", {"item": "x"}, process=4)
    view = tale.begin("view", None)
    tale.end(remove)
    tale.end(view, {"items": [{"item": "again", "qty": 4}, {"item": "x", "qty": 1}]})
    tale.finals(("again", 4))
    assert tale.names() == []


def test_a_node_that_lost_its_disk_owes_nothing(tale: CartTale) -> None:
    """It has to learn again what it had."""
    tale.contend()
    tale.lose_disk("n1")
    tale.view()
    tale.finals(("again", 4))
    assert tale.check().verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("items", "name"),
    [
        ([("again", 8)], "doubled-quantity"),
        ([("again", 4), ("z", 1)], "phantom-quantity"),
        ([("again", 4), ("f", 1)], "aborted-effect"),
        ([("again", -4)], "negative-quantity"),
        ([("again", 4), ("again", 4)], "malformed-view"),
        ([("again", 4), ("x", 0)], "malformed-view"),
    ],
)
def test_what_is_shown_was_put_in(tale: CartTale, items: Any, name: str) -> None:
    """Once, by an add that did not fail, under one entry with a quantity."""
    tale.contend()
    tale.add("f", 0, status="fail")
    tale.view(*items, node="n3", process=3)
    tale.finals(("again", 4))
    assert tale.names() == [name]


def test_nothing_is_there_before_it_is_put_in(tale: CartTale) -> None:
    """Out of thin air."""
    tale.view(("again", 4), node="n3")
    tale.contend()
    tale.finals(("again", 4))
    assert tale.names() == ["thin-air"]


@pytest.mark.parametrize(
    "output",
    [None, {"items": 3}, {"items": ["x"]}, {"items": [{"item": "x", "qty": 1.0}]}],
)
def test_a_view_lists_items_with_whole_quantities(tale: CartTale, output: Any) -> None:
    """Anything else is no view."""
    tale.end(tale.begin("view", None), output)
    assert tale.names() == ["type-error"]


def test_nodes_agree_in_the_end(tale: CartTale) -> None:
    """An indeterminate add is in one of them."""
    tale.contend()
    tale.add("i", 0, status="info")
    tale.finals(("again", 4), nodes=("n1",))
    tale.finals(("again", 4), ("i", 1), nodes=("n2",))
    assert tale.names() == ["divergence"]


def test_in_how_many_lines_an_item_comes_is_no_divergence(tale: CartTale) -> None:
    """Nor is a line of none; that they are badly formed is another matter."""
    tale.contend()
    tale.add("x", 0, node="n2", process=2)
    tale.add("x", 2)
    tale.finals(("again", 4), ("x", 1), ("x", 16), ("gone", 0), nodes=("n1",))
    tale.finals(("again", 4), ("x", 16), ("x", 1), nodes=("n2",))
    assert set(tale.names()) == {"malformed-view"}


def test_digits_of_what_was_miscounted_stand_for_no_adds(tale: CartTale) -> None:
    """One less than a quantity has digits of adds that are yet to come."""
    tale.contend()
    tale.add("x", 2)
    tale.view(("again", 4), ("x", 15), node="n3", process=3)
    tale.add("x", 0)
    tale.add("x", 1)
    tale.finals(("again", 4), ("x", 21))
    assert set(tale.names()) == {"doubled-quantity"}


class Untold:
    """A journal by which nothing was ever carried."""

    indeterminate = ()
    gone = NOBODY
    in_doubt = NOBODY

    def known(self, index: int) -> tuple[str, int]:
        return "n1", index

    def could_show(self, update: int, operation: int) -> bool:
        del update, operation
        return False

    def path(self, update: int, node: str) -> None:
        """There is none."""


def test_what_no_message_carried_cannot_be_known(tale: CartTale) -> None:
    """A node can show only what it was told."""
    tale.contend()
    tale.finals(("again", 4))
    evidence: Any = Untold()
    assert "impossible-knowledge" in tale.names(evidence=evidence)


def test_quantities_have_to_tell_adds_apart(tale: CartTale) -> None:
    """Others than powers of four do not, nor does one that comes twice."""
    tale.end(tale.begin("add", {"item": "x", "qty": 3}))
    assert "powers of 4" in tale.check().summary
    other = CartTale()
    other.add("x", 1)
    other.add("x", 1)
    result = other.check()
    assert result.reason is Reason.UNSUPPORTED
    assert "do not tell the two apart" in result.summary


def test_what_says_nothing_is_unknown(tale: CartTale) -> None:
    """No operation, and no contention."""
    assert tale.check().reason is Reason.VACUOUS
    tale.add("x", 0)
    tale.remove("x")
    tale.finals()
    result = tale.check()
    assert result.reason is Reason.VACUOUS
    assert "none could be lost" in result.summary


def test_other_operations_are_refused(tale: CartTale) -> None:
    """By name, and so is a value without an item."""
    tale.end(tale.begin("pay", None), 1)
    assert "neither 'add' nor 'remove' nor 'view'" in tale.check().summary
    other = CartTale()
    other.end(other.begin("remove", "x"))
    assert "expected an object with an item" in other.check().summary


def played(rng: Random, *, broken: str = "") -> Result:
    """Play random clients on three replicas that gossip, and judge the history."""
    tale = CartTale()
    nodes = ("n1", "n2", "n3")
    adds: dict[str, dict[tuple[str, int], int]] = {node: {} for node in nodes}
    gone: dict[str, set[tuple[str, int]]] = {node: set() for node in nodes}
    powers = dict.fromkeys("abc", 0)

    def contents(node: str) -> list[tuple[str, int]]:
        sums: dict[str, int] = {}
        for tag, times in adds[node].items():
            if tag not in gone[node]:
                sums[tag[0]] = sums.get(tag[0], 0) + times * 4 ** tag[1]
        return sorted(sums.items())

    def exchange(node: str, other: str) -> None:
        for tag, times in adds[other].items():
            mine = adds[node].get(tag, 0)
            adds[node][tag] = mine + times if broken == "sum" else max(mine, times)
        if broken != "union":
            gone[node] |= gone[other]

    for _ in range(70):
        node = rng.choice(nodes)
        on = {"node": node, "process": int(node[1])}
        item = rng.choice("abc")
        what = rng.random()
        if what < 0.3:
            exchange(node, rng.choice(nodes))
        elif what < 0.6 and powers[item] < 12:
            adds[node][item, powers[item]] = 1
            tale.add(item, powers[item], **on)
            powers[item] += 1
        elif what < 0.75:
            gone[node].update(tag for tag in adds[node] if tag[0] == item)
            tale.remove(item, **on)
        else:
            tale.view(*contents(node), **on)
    for _ in range(2):
        for node in nodes:
            for other in nodes:
                if node != other:
                    exchange(node, other)
    for node in nodes:
        tale.view(*contents(node), node=node, process=9, final=True)
    return check_cart(tale.history(), nodes=nodes)


@given(seed=st.integers(min_value=0, max_value=2**64))
@settings(max_examples=150, deadline=None)
def test_a_correct_cart_is_never_accused(seed: int) -> None:
    """Whatever its clients do and however it gossips."""
    result = played(Random(seed))
    assert not [anomaly for anomaly in result.anomalies if anomaly.fails]


@pytest.mark.parametrize(
    ("broken", "name"),
    [("sum", "doubled-quantity"), ("union", "resurrected-quantity")],
)
def test_a_broken_cart_is_found(broken: str, name: str) -> None:
    """One adds up what it merges, the other forgets what was taken out."""
    found = [
        {anomaly.name for anomaly in played(Random(seed), broken=broken).anomalies}
        for seed in range(20)
    ]
    assert sum(name in names or "phantom-quantity" in names for names in found) > 12


@pytest.mark.parametrize(
    ("size", "removed", "wrong"),
    [
        (0, False, 'nobody had removed "x"'),
        (0, True, None),
        (1, False, None),
        (2, False, None),
        (3, False, "though 2 items at most had been put in"),
        (-1, True, "-1 items"),
        (None, False, None),
    ],
)
def test_a_cart_has_the_size_of_what_was_put_in(
    tale: CartTale, size: int | None, *, removed: bool, wrong: str | None
) -> None:
    """What an add is told lies between what it put in itself and all that anybody had."""
    tale.contend()
    add = tale.begin("add", {"item": "x", "qty": 1}, node="n1", process=1)
    if removed:
        tale.remove("x", node="n2", process=2)
    tale.end(add, {"item": "x", "qty": 1, "cart_size": size})
    tale.add("later", 0)
    tale.finals(("again", 4), ("x", 1), ("later", 1))
    result = tale.check()
    assert {one.name for one in result.anomalies} == (
        {"wrong-cart-size"} if wrong else set()
    )
    assert not wrong or wrong in result.summary
