"""Texts: each rule, on the smallest history that breaks it, and RGA in random runs."""

from __future__ import annotations

from itertools import permutations
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import Reason, Verdict
from nodes.crdt import RGA
from nodes.crdt.dots import dot

from .text_tales import TextTale, typed


if TYPE_CHECKING:
    from checkers import Result


@pytest.fixture
def tale() -> TextTale:
    return TextTale()


def test_a_text_that_is_right(tale: TextTale) -> None:
    """Edited on two nodes, known on both, and equal in the end."""
    tale.read("", process=1)
    tale.insert("a", 0)
    tale.insert("b", 1)
    tale.read("ab")
    tale.read("", node="n2", process=2)
    tale.insert("x", 0, node="n2", process=2)
    tale.delete(0)
    tale.finals("xb")
    result = tale.check()
    assert result.verdict is Verdict.VALID, result
    assert result.measures["placed-inserts"].value == 3
    assert result.measures["checked-reads"].value == 1


@pytest.mark.parametrize("text", ["ba", "a", "", "abb"])
def test_a_node_reads_its_own_edits(tale: TextTale, text: str) -> None:
    """While nothing else can have reached it, the text is known exactly."""
    tale.read("")
    tale.insert("a", 0)
    tale.insert("b", 1)
    read = tale.read(text)
    found = [
        anomaly
        for anomaly in tale.check().anomalies
        if anomaly.name == "intention-violation" and read in anomaly.operations
    ]
    assert found
    assert 'its own edits make "ab" of it' in found[0].sentence


def test_a_node_that_heard_from_others_may_read_anything_of_theirs(
    tale: TextTale,
) -> None:
    """Where it stands is then not known."""
    tale.read("")
    tale.insert("x", 0, node="n2", process=2)
    tale.insert("a", 0)
    tale.exchange("n1", "n2")
    tale.read("ax")
    tale.insert("b", 1)
    tale.finals("abx")
    assert tale.names() == []


def test_a_node_may_apply_later_what_it_was_told(tale: TextTale) -> None:
    """Then its text changes in silence, and a position counts in another one."""
    tale.insert("x", 0, node="n2", process=2)
    tale.exchange("n1", "n2")
    tale.read("")
    tale.insert("a", 0)
    tale.insert("b", 1)
    tale.exchange("n1", "n2")
    tale.finals("xba")
    assert tale.check().verdict is Verdict.VALID


def test_what_others_did_explains_another_text(tale: TextTale) -> None:
    """Be it a character of theirs, or one that they deleted."""
    tale.insert("x", 0, node="n2", process=2)
    tale.exchange("n1", "n2")
    tale.read("")
    tale.insert("a", 0)
    tale.read("ax")
    tale.exchange("n2", "n1")
    tale.delete(0, node="n2", process=2)
    tale.exchange("n1", "n2")
    tale.read("ax")
    tale.insert("b", 1)
    tale.read("xb")
    tale.finals("xb")
    assert tale.check().verdict is Verdict.VALID


def test_what_nobody_acknowledged_may_come_late(tale: TextTale) -> None:
    """Even if it is of a client of the same node, that has given up."""
    tale.insert("x", 0, status="info", process=5)
    tale.read("")
    tale.insert("a", 0)
    tale.read("ax")
    tale.insert("b", 0, node="n2", process=2)
    tale.finals("bax")
    assert tale.check().verdict is Verdict.VALID


def test_others_explain_nothing_that_they_cannot_have_done(tale: TextTale) -> None:
    """They deleted one character, so that one of two is missing."""
    tale.insert("a", 0)
    tale.insert("b", 1)
    tale.exchange("n2", "n1")
    tale.delete(0, node="n2", process=2)
    tale.exchange("n1", "n2")
    tale.read("ab")
    tale.insert("c", 2)
    tale.read("c")
    assert "intention-violation" in tale.names()


def test_what_is_deleted_behind_an_insertion_gone_astray_is_not_known(
    tale: TextTale,
) -> None:
    """Only the insertion is wrong: the deletion hit what stood where it was to be."""
    tale.read("")
    tale.insert("a", 0)
    tale.insert("b", 1)
    tale.delete(0)
    tale.read("a")
    tale.exchange("n2", "n1")
    tale.insert("c", 0, node="n2", process=2)
    tale.finals("ca")
    assert set(tale.names()) == {"intention-violation"}


def test_what_no_deletion_can_have_hit_is_there(tale: TextTale) -> None:
    """On the node that took it, and in the end everywhere."""
    tale.insert("a", 0)
    tale.insert("b", 0, node="n2", process=2)
    tale.exchange("n1", "n2")
    tale.read("b")
    tale.finals("b")
    result = tale.check()
    assert [anomaly.name for anomaly in result.anomalies] == ["lost-character"] * 2
    assert "as does that of n2" in result.anomalies[1].sentence
    assert result.verdict is Verdict.INVALID


def test_a_deletion_of_nobody_knows_what_explains_one_character(
    tale: TextTale,
) -> None:
    """And no more than one."""
    for char in "abc":
        tale.insert(char, 0)
    tale.insert("z", 0, node="n2", process=2)
    tale.exchange("n1", "n2")
    tale.delete(0)
    tale.finals("cb")
    found = tale.check().anomalies
    assert [anomaly.name for anomaly in found] == ["lost-character"] * 2
    assert "1 deletion can have hit them, one each" in found[0].sentence
    fewer = TextTale()
    fewer.insert("a", 0)
    fewer.insert("z", 0, node="n2", process=2)
    fewer.exchange("n1", "n2")
    fewer.delete(0)
    fewer.finals("a")
    assert fewer.names() == []


def test_what_is_known_to_be_deleted_is_gone(tale: TextTale) -> None:
    """From the texts of the node, and in the end from all."""
    tale.insert("z", 0, node="n2", process=2)
    tale.read("")
    tale.insert("x", 0)
    tale.delete(0)
    tale.exchange("n1", "n2")
    tale.read("xz")
    tale.finals("xz")
    assert set(tale.names()) == {"undeleted-character"}


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (("ab", "ba"), "order-inversion"),
        (("aab",), "duplicate-character"),
        (("abq",), "phantom-character"),
        (("abf",), "aborted-effect"),
    ],
)
def test_texts_have_what_was_inserted_in_one_order(
    tale: TextTale, texts: tuple[str, ...], name: str
) -> None:
    """Each character once, by an insertion that did not fail."""
    tale.insert("f", 0, status="fail", process=7)
    tale.insert("a", 0)
    tale.insert("b", 1, node="n2", process=1)
    for number, text in enumerate(texts, 3):
        tale.exchange(f"n{number}", "n1", "n2")
        tale.read(text, node=f"n{number}", process=3)
    tale.finals("ab")
    assert name in tale.names()


def test_three_texts_can_leave_no_order(tale: TextTale) -> None:
    """Though no two of them contradict each other."""
    for number, char in enumerate("abc", 1):
        tale.insert(char, 0, node=f"n{number}", process=number)
    for number, text in enumerate(("ab", "bc", "ca"), 6):
        tale.read(text, node=f"n{number}", process=number)
    assert "order-cycle" in tale.names(journal=False)


def test_nothing_is_there_before_it_is_inserted_or_told(tale: TextTale) -> None:
    """Out of thin air, or by a channel that there must not be."""
    tale.read("a", node="n3", process=3)
    tale.insert("a", 0)
    tale.insert("b", 0, node="n2", process=2)
    tale.read("b", node="n4", process=4)
    tale.finals("ab")
    assert set(tale.names()) == {"thin-air", "impossible-knowledge"}


def test_a_length_counts_the_characters(tale: TextTale) -> None:
    """Or the view contradicts itself."""
    tale.insert("a", 0)
    tale.insert("b", 0, node="n2", process=2)
    tale.exchange("n1", "n2")
    tale.read("ba", length=3)
    tale.finals("ba")
    assert tale.names() == ["malformed-view"]


@pytest.mark.parametrize("output", [None, 3, {"length": 0}])
def test_a_read_returns_a_text(tale: TextTale, output: Any) -> None:
    """Anything else is none."""
    tale.end(tale.begin("read", None), output)
    assert tale.names() == ["type-error"]


def test_a_text_may_stand_alone(tale: TextTale) -> None:
    """A history from elsewhere need not put it into an object."""
    tale.insert("a", 0)
    tale.insert("b", 0, node="n2", process=2)
    for node in ("n1", "n2"):
        tale.exchange(node, "n1", "n2")
        tale.end(tale.begin("read", None, node=node, final=True, process=8), "ba")
    assert tale.check().verdict is Verdict.VALID


@pytest.mark.parametrize("runs", ["kept", "noted"])
def test_runs_are_torn_apart(runs: Any) -> None:
    """Which fails for designs that keep them, and is noted for others."""
    result = typed("aXbYcZ").check(runs=runs)
    (found,) = {anomaly.name for anomaly in result.anomalies}
    assert found == "interleaving"
    assert all(anomaly.fails == (runs == "kept") for anomaly in result.anomalies)


@pytest.mark.parametrize("text", ["abcXYZ", "XYZabc"])
def test_runs_that_stay_together(text: str) -> None:
    """Whichever comes first."""
    assert typed(text).names() == []


def test_runs_typed_backwards_are_noted_only() -> None:
    """RGA mixes them by design."""
    result = typed("XaYbZc", backwards=True).check()
    assert {anomaly.name for anomaly in result.anomalies} == {"backward-interleaving"}
    assert result.verdict is Verdict.VALID


def test_what_is_put_before_what_one_knows_is_no_mixture() -> None:
    """Two clients that take turns at the beginning have typed no runs at all."""
    tale = TextTale()
    for at, char in enumerate("abc"):
        node = ("n1", "n2")[at % 2]
        tale.exchange(node, "n1", "n2")
        tale.read("abc"[:at][::-1], node=node, process=at % 2)
        tale.insert(char, 0, node=node, process=at % 2)
    tale.finals("cba")
    assert tale.names() == []


def test_what_is_typed_on_needs_no_read() -> None:
    """It stands behind what was typed before, whatever else is in the text."""
    tale = TextTale()
    for node, word in (("n1", "abc"), ("n2", "XYZ")):
        for at, char in enumerate(word):
            tale.insert(char, at, node=node, process=int(node[1]))
    tale.finals("aXbYcZ")
    assert set(tale.names()) == {"interleaving"}


def test_what_is_typed_in_front_needs_no_read_either() -> None:
    """It stands before what was typed at the same position."""
    tale = TextTale()
    tale.insert("x", 0, node="n2", process=2)
    for char in "cba":
        tale.insert(char, 1)
    tale.read("xacb")
    assert "intention-violation" in tale.names()


@pytest.mark.parametrize("between", ["message", "deletion", "overlap"])
def test_what_is_typed_on_with_something_in_between_may_be_anywhere(
    between: str,
) -> None:
    """A message from a peer, or another edit, may have moved what was typed before."""
    tale = TextTale()
    tale.insert("z", 0, node="n2", process=2)
    first = tale.begin("insert", {"position": 3, "char": "a"})
    if between == "overlap":
        tale.end(tale.begin("insert", {"position": 0, "char": "y"}, process=1))
    tale.end(first)
    if between == "message":
        tale.exchange("n1", "n2")
    if between == "deletion":
        tale.delete(0)
    tale.insert("b", 4)
    tale.finals("zba" if between != "overlap" else "zbay")
    assert "intention-violation" not in tale.names()


def test_characters_have_to_tell_insertions_apart(tale: TextTale) -> None:
    """One that comes twice does not, nor does a longer text."""
    tale.insert("a", 0)
    tale.insert("a", 0)
    assert "as operation 0 did" in tale.check().summary
    other = TextTale()
    other.insert("ab", 0)
    assert "expected a single character" in other.check().summary
    third = TextTale()
    third.end(third.begin("insert", {"char": "a"}))
    assert "an object with a position and a char" in third.check().summary
    fourth = TextTale()
    fourth.end(fourth.begin("move", None))
    assert "neither 'insert' nor 'delete' nor 'read'" in fourth.check().summary


def test_what_says_nothing_is_unknown(tale: TextTale) -> None:
    """No operation, or one writer only."""
    assert tale.check().reason is Reason.VACUOUS
    tale.insert("a", 0)
    tale.finals("a")
    assert "none were concurrent" in tale.check().summary


CHARS = [chr(0x4E00 + number) for number in range(200)]


class Rightmost(RGA):
    """Inserts behind the deleted characters at a place, where RGA does before them."""

    __slots__ = ()

    def insert(self, actor: str, position: int, char: str) -> RGA:
        """Return the delta that puts a character directly before a visible one."""
        visible = self.visible
        order = self.order
        at = order.index(visible[position]) if position < len(visible) else len(order)
        return RGA({dot(self.time + 1, actor): (order[at - 1] if at else None, char)})


def played(rng: Random, *, broken: str = "", kind: type[RGA] = RGA) -> Result:
    """Edit a text on three replicas that gossip, and judge the history."""
    tale = TextTale()
    nodes = ("n1", "n2", "n3")
    replicas = {node: kind() for node in nodes}
    chars = iter(CHARS)
    # In runs of steps at one node, so that texts are known now and then.
    for _ in range(25):
        node = rng.choice(nodes)
        on = {"node": node, "process": int(node[1])}
        cursor = rng.choice((0, None))
        for _ in range(rng.randrange(1, 5)):
            cursor = _edit(rng, tale, replicas, node, next(chars), on, cursor)
        if rng.random() < 0.7:
            other = rng.choice(nodes)
            tale.exchange(node, other)
            replicas[node] = replicas[node].merge(replicas[other])
    for _ in range(2):
        for node in nodes:
            for other in nodes:
                replicas[node] = replicas[node].merge(replicas[other])
    for node in nodes:
        tale.exchange(node, *nodes)
        tale.exchange(node, *nodes)
        text = replicas[node].text
        if broken == "reversed" and node == "n2":
            text = text[::-1]
        if broken == "sorted":
            text = "".join(sorted(text))
        if broken == "lost" and text:
            text = text[1:]
        tale.read(text, node=node, process=9, final=True)
    return tale.check()


def _edit(
    rng: Random,
    tale: TextTale,
    replicas: dict[str, RGA],
    node: str,
    char: str,
    on: dict[str, Any],
    cursor: int | None,
) -> int | None:
    replica = replicas[node]
    length = len(replica.text)
    what = rng.random()
    if what < 0.5:
        at = rng.randrange(length + 1) if cursor is None else cursor
        replicas[node] = replica.merge(replica.insert(node, at, char))
        tale.insert(char, at, **on)
        return at + 1
    if what < 0.65 and length:
        at = rng.randrange(length)
        replicas[node] = replica.merge(replica.delete(at))
        tale.delete(at, **on)
        return None
    tale.read(replica.text, **on)
    return cursor


@pytest.mark.parametrize("kind", [RGA, Rightmost])
@given(seed=st.integers(min_value=0, max_value=2**64))
@settings(max_examples=150, deadline=None)
def test_a_correct_text_is_never_accused(kind: type[RGA], seed: int) -> None:
    """Whatever its writers do, however it gossips, and where deleted ones stand."""
    result = played(Random(seed), kind=kind)
    assert not [anomaly for anomaly in result.anomalies if anomaly.fails]


@pytest.mark.parametrize("broken", ["reversed", "sorted", "lost"])
def test_a_broken_text_is_found(broken: str) -> None:
    """Turned round on one node, sorted on all, or short of a character."""
    found = [
        any(anomaly.fails for anomaly in played(Random(seed), broken=broken).anomalies)
        for seed in range(20)
    ]
    assert sum(found) > (5 if broken == "lost" else 15)


@given(
    texts=st.lists(
        st.lists(st.sampled_from("abcde"), unique=True, min_size=1), max_size=5
    )
)
@settings(max_examples=400, deadline=None)
def test_an_order_is_found_if_there_is_one(texts: list[list[str]]) -> None:
    """Against all orders of all characters."""
    tale = TextTale()
    for number, char in enumerate("abcde"):
        tale.insert(char, 0, node=f"n{number}", process=number)
    for number, text in enumerate(texts, 10):
        tale.read("".join(text), node=f"n{number}", process=number)
    exists = any(
        all([char for char in order if char in text] == text for text in texts)
        for order in permutations("abcde")
    )
    found = set(tale.names(journal=False))
    assert bool(found & {"order-inversion", "order-cycle"}) == (not exists)


def test_a_contract_that_allows_old_texts_forgives_what_has_not_arrived() -> None:
    """Characters that are not there are noted; one that nobody inserted fails."""
    tale = TextTale()
    tale.insert("a", 0, node="n1", process=1)
    tale.insert("b", 0, node="n2", process=2)
    tale.read("a", node="n1", process=1, final=True)
    tale.read("b", node="n2", process=2, final=True)
    assert tale.check(journal=False).verdict is Verdict.INVALID
    result = tale.check(journal=False, converges=False)
    assert result.verdict is Verdict.VALID, result.summary
    assert "lost-character" in {one.name for one in result.anomalies}
    tale.read("ac", node="n1", process=1)
    assert tale.check(journal=False, converges=False).verdict is Verdict.INVALID
