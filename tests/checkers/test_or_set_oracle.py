"""Sets with removals against all that removes may have observed, by brute force."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.or_sets import check_or_set

from .set_tales import SetTale


if TYPE_CHECKING:
    from checkers import Result


class Deed(NamedTuple):
    """An add or a remove of the one element, as it was told."""

    f: str
    node: str
    begin: int
    end: int
    status: str


def drawn(rng: Random) -> tuple[SetTale, list[Deed]]:
    """Return a tale of adds and removes of `x` on two nodes that overlap."""
    tale = SetTale()
    open_: list[tuple[int, str, str, int]] = []
    deeds: list[Deed] = []
    process = 0
    for _ in range(rng.randrange(2, 12)):
        if open_ and rng.random() < 0.5:
            index, f, node, _ = open_.pop(rng.randrange(len(open_)))
            status = rng.choice(("ok", "ok", "ok", "info", "fail"))
            deeds.append(Deed(f, node, index, len(tale.events), status))
            tale.end(index, status=status)
        elif len(deeds) + len(open_) < 6:
            f, node = rng.choice(("add", "remove")), rng.choice(("n1", "n2"))
            process += 1
            index = tale.begin(f, {"element": "x"}, node=node, process=process)
            open_.append((index, f, node, process))
    for index, f, node, _ in open_:
        deeds.append(Deed(f, node, index, 10**6, "info"))
    return tale, deeds


def possible(deeds: list[Deed]) -> set[bool]:
    """Whether the element may be there in the end, and whether it may not."""
    adds = [deed for deed in deeds if deed.f == "add" and deed.status != "fail"]
    removes = [deed for deed in deeds if deed.f == "remove" and deed.status != "fail"]
    free = [
        (a, m)
        for a, add in enumerate(adds)
        for m, remove in enumerate(removes)
        if remove.status == "info" or add.begin < remove.end
    ]
    forced = {
        (a, m)
        for a, add in enumerate(adds)
        for m, remove in enumerate(removes)
        if add.status == remove.status == "ok"
        and add.node == remove.node
        and add.end < remove.begin
    }
    unsure = [pair for pair in free if pair not in forced]
    there: set[bool] = set()
    for observed in product((False, True), repeat=len(unsure)):
        seen = forced | {
            pair for pair, is_in in zip(unsure, observed, strict=True) if is_in
        }
        for present in _choices(adds):
            for acting in _choices(removes):
                there.add(any(not any((a, m) in seen for m in acting) for a in present))
    return there


def _choices(deeds: list[Deed]) -> list[list[int]]:
    """Return the sets of those that may have taken effect."""
    options = [(True,) if deed.status == "ok" else (True, False) for deed in deeds]
    return [
        [number for number, happened in enumerate(chosen) if happened]
        for chosen in product(*options)
    ]


def compare(rng: Random) -> frozenset[bool]:
    """Judge a drawn history with and without the element; return what may be."""
    tale, deeds = drawn(rng)
    expected = possible(deeds)
    tried = any(deed.f == "add" and deed.status != "fail" for deed in deeds)
    for present in (True, False):
        told = SetTale()
        told.events = list(tale.events)
        told.read(["x"] if present else [], node="n3", process=99, final=True)
        result = check_or_set(told.history())
        failing = {anomaly.name for anomaly in result.anomalies if anomaly.fails}
        assert bool(failing) == (present not in expected), (deeds, present, failing)
    assert tried or expected == {False}
    return frozenset(expected)


@given(seed=st.integers(min_value=0, max_value=2**64))
@settings(max_examples=500, deadline=None)
def test_final_reads_are_judged_as_by_all_that_may_be(seed: int) -> None:
    """Sound and complete, for what is known without a journal."""
    compare(Random(seed))


def test_all_cases_come_up() -> None:
    """What is drawn is worth being drawn."""
    found = [compare(Random(seed)) for seed in range(300)]
    for expected in ({True}, {False}, {True, False}):
        assert found.count(frozenset(expected)) > 10


class Replica:
    """A correct observed-remove set: adds by number, and the removed ones."""

    def __init__(self) -> None:
        self.adds: dict[int, str] = {}
        self.gone: set[int] = set()

    def elements(self) -> list[str]:
        return sorted({x for tag, x in self.adds.items() if tag not in self.gone})


def played(rng: Random, *, broken: bool = False) -> Result:
    """Play random clients on three replicas that gossip, and judge the history."""
    tale = SetTale()
    tale.contend()
    replicas = {f"n{number}": Replica() for number in (1, 2, 3)}
    for number, element in ((1, "again"), (2, "again")):
        for replica in replicas.values():
            replica.adds[-number] = element
            if number == 1:
                replica.gone.add(-number)
    for step in range(60):
        node = rng.choice(list(replicas))
        replica = replicas[node]
        what = rng.random()
        if what < 0.35:
            other = replicas[rng.choice(list(replicas))]
            replica.adds |= other.adds
            replica.gone |= other.gone if not broken else set()
        elif what < 0.6:
            element = rng.choice("abc")
            replica.adds[step] = element
            tale.add(element, tag=step, node=node, process=int(node[1]))
        elif what < 0.8:
            element = rng.choice("abc")
            tags = [
                tag
                for tag, x in replica.adds.items()
                if x == element and tag not in replica.gone
            ]
            replica.gone.update(tags)
            tale.remove(element, tags=tags, node=node, process=int(node[1]))
        elif what < 0.9:
            element = rng.choice("abc")
            answer = element in replica.elements()
            tale.contains(element, answer, node=node, process=int(node[1]))
        else:
            tale.read(replica.elements(), node=node, process=int(node[1]))
    for _ in range(2):
        for replica in replicas.values():
            for other in replicas.values():
                replica.adds |= other.adds
                replica.gone |= other.gone if not broken else set()
    for node, replica in replicas.items():
        tale.read(replica.elements(), node=node, process=9, final=True)
    return check_or_set(tale.history(), nodes=list(replicas))


@given(seed=st.integers(min_value=0, max_value=2**64))
@settings(max_examples=150, deadline=None)
def test_a_correct_set_is_never_accused(seed: int) -> None:
    """Whatever its clients do and however it gossips."""
    result = played(Random(seed))
    assert not [anomaly for anomaly in result.anomalies if anomaly.fails]


def test_a_set_that_does_not_pass_removes_on_is_found() -> None:
    """Its removes are undone by what others still have."""
    found = [played(Random(seed), broken=True).anomalies for seed in range(40)]
    assert sum(map(bool, found)) > 15
