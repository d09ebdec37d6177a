"""Carts against all that removes may have observed, by brute force."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.carts import check_cart
from checkers.evidence import Path

from .cart_tales import CartTale


if TYPE_CHECKING:
    from collections.abc import Iterator

NEVER = 10**6
NODES = ("n1", "n2")


class Deed(NamedTuple):
    """An add, a remove or a view, as it was told.

    Attributes:
        f: What it is.
        item: Of what; empty for a view.
        power: Of an add.
        node: Where.
        begin: Index of its invocation.
        end: Index of its completion; never if nobody knows what came of it.
        status: What came of it.
        known: The adds that could have reached its node until then, by invocation.
    """

    f: str
    item: str
    power: int
    node: str
    begin: int
    end: int
    status: str
    known: frozenset[int] = frozenset()


class Journal:
    """What could have reached whom, as `checkers.evidence` tells it."""

    indeterminate = ()
    gone: ClassVar[dict[int, str]] = {}
    in_doubt: ClassVar[dict[int, str]] = {}

    def __init__(self) -> None:
        self.logs: dict[str, list[int]] = {node: [] for node in (*NODES, "n3")}
        self.replies: dict[int, tuple[str, int]] = {}

    def exchange(self, node: str, other: str) -> None:
        """Let a node learn what another one knows."""
        log = self.logs[node]
        log += [update for update in self.logs[other] if update not in log]

    def reply(self, index: int, node: str) -> None:
        """Let a node answer with what it knows now."""
        self.replies[index] = node, len(self.logs[node])

    def known(self, index: int) -> tuple[str, int] | None:
        """Who replied, and how much it could know."""
        return self.replies.get(index)

    def could_show(self, update: int, operation: int) -> bool | None:
        """Whether an update could have reached who replied."""
        if operation not in self.replies:
            return None
        node, length = self.replies[operation]
        return update in self.logs[node][:length]

    def path(self, update: int, node: str) -> Path | None:
        """How an update could first have reached a node: at no time in particular."""
        return Path(0, "n1") if update in self.logs[node] else None


def drawn(
    rng: Random, *, items: str, most: int, views: bool
) -> tuple[CartTale, Journal, list[Deed]]:
    """Return a tale of deeds on two nodes that overlap, and a journal of it."""
    tale, journal, deeds = CartTale(), Journal(), list[Deed]()
    open_: list[Deed] = []
    powers = dict.fromkeys(items, 0)
    functions = ("add", "remove", "view") if views else ("add", "remove")
    for process in range(rng.randrange(2, 3 * most)):
        if rng.random() < 0.3:
            journal.exchange(*rng.sample(NODES, 2))
        if open_ and rng.random() < 0.5:
            deed = open_.pop(rng.randrange(len(open_)))
            status = rng.choice(("ok", "ok", "ok", "info", "fail"))
            if deed.f == "view" and status != "fail":
                status = "ok"
            if status == "ok":
                journal.reply(deed.begin, deed.node)
            known = frozenset(journal.logs[deed.node])
            end = NEVER if status == "info" else len(tale.events)
            deeds.append(deed._replace(end=end, status=status, known=known))
            shown: dict[str, Any] | None = {"items": []} if deed.f == "view" else None
            tale.end(deed.begin, shown, status=status)
        elif len(deeds) + len(open_) < most:
            f, node, item = rng.choice(functions), rng.choice(NODES), rng.choice(items)
            if f == "add" and views and powers[item]:
                f = "remove"
            value: dict[str, Any] | None = {"item": item}
            if f == "add":
                value = {"item": item, "qty": 4 ** powers[item]}
            elif f == "view":
                value = None
            begin = tale.begin(f, value, node=node, process=process)
            if f == "add":
                journal.logs[node].append(begin)
            deed = Deed(f, item, powers[item], node, begin, NEVER, "info")
            open_.append(deed)
            powers[item] += f == "add"
    deeds += [deed for deed in open_ if deed.f != "view"]
    return tale, journal, deeds


# In the end: what any choice of what removes have observed may leave.


def possible(deeds: list[Deed], *, by_journal: bool) -> list[tuple[Deed, set[bool]]]:
    """Return of each add whether it may be there in the end, and whether it may not."""
    adds = [deed for deed in deeds if deed.f == "add" and deed.status != "fail"]
    removes = [deed for deed in deeds if deed.f == "remove" and deed.status != "fail"]
    found = []
    for add in adds:
        mine = [remove for remove in removes if remove.item == add.item]
        there = set()
        for happened in product((True, False), repeat=len(mine) + 1):
            if any(
                deed.status == "ok" and not is_in
                for deed, is_in in zip((add, *mine), happened, strict=True)
            ):
                continue
            acting = [
                remove for remove, acts in zip(mine, happened[1:], strict=True) if acts
            ]
            for seen in product(
                *(_observed(add, remove, by_journal=by_journal) for remove in acting)
            ):
                there.add(happened[0] and not any(seen))
        found.append((add, there))
    return found


def _observed(add: Deed, remove: Deed, *, by_journal: bool) -> tuple[bool, ...]:
    """Return whether a remove may have observed an add, and whether it may not."""
    if add.status == remove.status == "ok" and (
        add.node == remove.node and add.end < remove.begin
    ):
        return (True,)
    if remove.status == "ok" and by_journal:
        return (True, False) if add.begin in remove.known else (False,)
    return (True, False) if add.begin < remove.end else (False,)


def compare_ends(rng: Random) -> int:
    """Judge a drawn history with some adds in the end; return how many were wrong."""
    tale, journal, deeds = drawn(rng, items="xy", most=6, views=False)
    by_journal = rng.random() < 0.5
    expected = possible(deeds, by_journal=by_journal)
    for node in NODES:
        journal.exchange("n3", node)
    chosen = {add: rng.random() < 0.5 for add, _ in expected}
    sums: dict[str, int] = {}
    for add, present in chosen.items():
        sums[add.item] = sums.get(add.item, 0) + present * 4**add.power
    items = [(item, quantity) for item, quantity in sums.items() if quantity]
    begin = tale.view(*items, node="n3", process=99, final=True)
    journal.reply(begin, "n3")
    evidence: Any = journal if by_journal else None
    result = check_cart(tale.history(), evidence=evidence)
    wrong = sorted(
        ("resurrected-quantity" if chosen[add] else "lost-quantity", add.begin)
        for add, there in expected
        if chosen[add] not in there
    )
    found = sorted(
        (anomaly.name, anomaly.operations[0])
        for anomaly in result.anomalies
        if anomaly.fails
    )
    assert found == wrong, (deeds, chosen)
    return len(wrong)


@given(seed=st.integers(min_value=0, max_value=2**64))
@settings(max_examples=400, deadline=None)
def test_final_views_are_judged_as_by_all_that_may_be(seed: int) -> None:
    """Sound and complete for each add, with a journal and without."""
    compare_ends(Random(seed))


def test_final_views_are_right_and_wrong() -> None:
    """What is drawn is worth being drawn."""
    found = [compare_ends(Random(seed)) for seed in range(300)]
    assert 30 < found.count(0) < 270


# On the way: all times at which what nodes do can arrive on the other one.


def explained(deeds: list[Deed], shown: dict[Deed, bool], length: int) -> bool:
    """Whether some course of events shows one add in these views and no others.

    A slot follows each event. Things of one slot may come in any order, which is
    without contradiction as long as there is one add.
    """
    add = next((deed for deed in deeds if deed.f == "add"), None)
    if add is None or add.status == "fail":
        return not any(shown.values())
    removes = [deed for deed in deeds if deed.f == "remove" and deed.status != "fail"]
    for arrived in _courses(add, length):
        ends = {(NEVER, NEVER)}
        for remove in removes:
            mine = _effects(remove, arrived, length)
            ends = {(min(a, c), min(b, d)) for (a, b), (c, d) in product(ends, mine)}
        for gone in ends:
            there = dict(zip(NODES, gone, strict=True))
            if all(
                _may_show(view, arrived[view.node], there[view.node])[present]
                for view, present in shown.items()
            ):
                return True
    return False


def _courses(deed: Deed, length: int) -> Iterator[dict[str, int]]:
    """Yield when an update may arrive on each node: in the end on both, or on none."""
    if deed.status == "info":
        yield dict.fromkeys(NODES, NEVER)
    (other,) = {*NODES} - {deed.node}
    for here in range(deed.begin, min(deed.end, length)):
        for there in range(here, length):
            yield {deed.node: here, other: there}


def _effects(
    remove: Deed, arrived: dict[str, int], length: int
) -> set[tuple[int, int]]:
    """Return when a remove may take the add away on each node, if it does at all."""
    found = set()
    for course in _courses(remove, length):
        added, executed = arrived[remove.node], course[remove.node]
        if added <= executed < NEVER:
            found.add((course["n1"], course["n2"]))
        if added >= executed or executed == NEVER:
            found.add((NEVER, NEVER))
    return found


def _may_show(view: Deed, added: int, gone: int) -> tuple[bool, bool]:
    """Whether a view may lack what is there in between, and whether it may show it."""
    slots = range(view.begin, view.end)
    return (
        any(slot <= added or gone <= slot for slot in slots),
        any(added <= slot <= gone for slot in slots),
    )


def compare_courses(rng: Random) -> tuple[bool, bool]:
    """Judge views of one add; return whether they are explained, and accused."""
    tale, _, deeds = drawn(rng, items="x", most=rng.randrange(3, 7), views=True)
    views = [deed for deed in deeds if deed.f == "view" and deed.status == "ok"]
    shown = {view: rng.random() < 0.5 for view in views}
    length, last = len(tale.events), rng.random() < 0.5
    for view, present in shown.items():
        told = [{"item": "x", "qty": 1}] if present else []
        event = tale.events[view.end]
        tale.events[view.end] = type(event)(
            index=event.index,
            time=event.time,
            type="ok",
            process=event.process,
            f="view",
            value={"items": told},
            node=event.node,
        )
    for node in NODES:
        begin = tale.view(*[("x", 1)] * last, node=node, process=99, final=True)
        shown[Deed("view", "", 0, node, begin, begin + 1, "ok")] = last
    result = check_cart(tale.history(), nodes=NODES)
    is_accused = any(anomaly.fails for anomaly in result.anomalies)
    is_explained = explained(deeds, shown, length)
    assert not (is_explained and is_accused), (deeds, shown, result.anomalies)
    return is_explained, is_accused


@given(seed=st.integers(min_value=0, max_value=2**64))
@settings(max_examples=200, deadline=None)
def test_views_that_some_course_of_events_explains_are_not_accused(seed: int) -> None:
    """Sound, whenever what is sent arrives."""
    compare_courses(Random(seed))


def test_views_that_nothing_explains_are_mostly_found() -> None:
    """What is drawn is worth being drawn."""
    found = [compare_courses(Random(seed)) for seed in range(300)]
    assert 50 < sum(is_explained for is_explained, _ in found) < 250
    assert sum(is_accused for _, is_accused in found) > 50
