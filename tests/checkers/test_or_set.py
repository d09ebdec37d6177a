"""Sets with removals: each rule, on the smallest history that breaks it."""

from __future__ import annotations

from typing import Any

import pytest

from checkers import Reason, Verdict
from checkers.evidence._evidence import NOBODY

from .set_tales import SetTale, concurrent


@pytest.fixture
def tale() -> SetTale:
    return SetTale()


@pytest.mark.parametrize("present", [True, False])
def test_an_add_beside_a_remove_may_be_there_or_not(*, present: bool) -> None:
    """For all that is known the remove has observed it: undecided, and no alarm."""
    tale = concurrent()
    tale.finals("again", *(["x"] if present else []))
    result = tale.check()
    assert result.verdict is Verdict.VALID, result
    assert result.measures["undecided-count"].value == 1
    assert not result.complete


class Carried:
    """A journal by which just these updates could have reached whom they did."""

    indeterminate = ()
    gone = NOBODY
    in_doubt = NOBODY

    def __init__(self, *pairs: tuple[int, int]) -> None:
        self.pairs = set(pairs)

    def known(self, index: int) -> tuple[str, int]:
        return f"node of {index}", index

    def could_show(self, update: int, operation: int) -> bool:
        return (update, operation) in self.pairs

    def path(self, update: int, node: str) -> None:
        """How it came there is not told."""


def test_the_journal_decides_that_the_add_wins() -> None:
    """Nothing could have told the remove of it, so that it has to stay."""
    tale = concurrent()
    tale.finals("again")
    invoked = [event for event in tale.events if event.type == "invoke"]
    adds = [event.index for event in invoked if event.f == "add"]
    others = [event.index for event in invoked if event.f != "add"]
    late_add, late_remove = adds[-1], others[1]
    carried = {(add, other) for add in adds for other in others}
    evidence: Any = Carried(*carried - {(late_add, late_remove)})
    result = tale.check(evidence=evidence)
    assert [anomaly.name for anomaly in result.anomalies] == ["lost-add"]
    assert "as does that of n2" in result.summary
    assert "No path: no message that could have carried it" in result.summary
    assert "the add wins" in result.summary


def test_an_add_after_the_last_remove_stays(tale: SetTale) -> None:
    """Added, removed and added again: a set that remembers the remove loses it."""
    tale.contend()
    tale.finals()
    result = tale.check()
    assert {anomaly.name for anomaly in result.anomalies} == {"lost-add"}
    assert "the one remove cannot have observed that add" in result.summary


def test_what_its_own_node_removed_is_gone(tale: SetTale) -> None:
    """It had acknowledged the only add before."""
    tale.contend()
    tale.add("x")
    tale.remove("x")
    tale.finals("again", "x")
    assert set(tale.names()) == {"resurrected-element"}


def test_a_remove_that_came_later_elsewhere_may_have_seen_nothing(
    tale: SetTale,
) -> None:
    """Real time is no observation: the add may not have arrived there."""
    tale.contend()
    tale.add("x", node="n1")
    tale.remove("x", node="n2", process=2)
    tale.finals("again", "x")
    assert tale.check().verdict is Verdict.VALID


def test_what_a_node_showed_it_has_and_removes(tale: SetTale) -> None:
    """A read that one add alone explains makes the remove decided."""
    tale.contend()
    tale.add("x", node="n1")
    tale.read(["x"], node="n2", process=2)
    tale.remove("x", node="n2", process=2)
    tale.finals("again", "x")
    assert set(tale.names()) == {"resurrected-element"}


def test_a_read_may_list_tags_beside_its_elements(tale: SetTale) -> None:
    """What it shows is judged as if it had not."""
    tale.add("x", tag="1-n1")
    index = tale.begin("read", None)
    tale.end(index, {"elements": [], "tags": []})
    assert {anomaly.name for anomaly in tale.check().anomalies} == {"lost-add"}


def test_a_node_shows_what_it_acknowledged(tale: SetTale) -> None:
    """And, once it has removed it, shows it no longer."""
    tale.contend()
    tale.read([])
    tale.add("x")
    tale.remove("x")
    tale.read(["again", "x"])
    tale.finals("again")
    assert tale.names() == ["lost-add", "resurrected-element"]


def test_a_node_that_lost_its_disk_has_to_learn_again(tale: SetTale) -> None:
    """It owes nothing of what it had before."""
    tale.contend()
    tale.lose_disk("n1")
    tale.read([])
    tale.finals("again")
    assert tale.check().verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (["again", "z"], "phantom-element"),
        (["again", "f"], "aborted-effect"),
        (["again", "again"], "duplicate-element"),
        ("again", "type-error"),
    ],
)
def test_what_is_read_was_added(tale: SetTale, values: Any, name: str) -> None:
    """By an add that did not fail, and each element comes once, in a list."""
    tale.contend()
    tale.add("f", status="fail")
    tale.read(values, node="n2", process=2)
    tale.finals("again")
    assert tale.names() == [name]


def test_nothing_is_there_before_it_is_added(tale: SetTale) -> None:
    """Out of thin air, even if somebody adds it later."""
    tale.read(["again"], node="n2")
    tale.contend()
    tale.finals("again")
    assert tale.names() == ["thin-air"]


def test_nodes_agree_in_the_end(tale: SetTale) -> None:
    """Each is right by itself, for all that is known."""
    tale = concurrent()
    tale.finals("again", "x", nodes=("n1",))
    tale.finals("again", nodes=("n2",))
    assert tale.names() == ["divergence"]


def test_an_indeterminate_add_may_be_there_and_an_indeterminate_remove_act(
    tale: SetTale,
) -> None:
    """Neither forces anything."""
    for values in ((), ("i",), ("r",), ("i", "r")):
        other = SetTale()
        other.contend()
        other.add("r")
        other.add("i", status="info")
        other.remove("r", status="info", process=3)
        other.finals("again", *values)
        assert other.check().verdict is Verdict.VALID


def test_a_failed_remove_takes_nothing_away(tale: SetTale) -> None:
    """The add has to stay."""
    tale.contend()
    tale.add("x")
    tale.remove("x", status="fail")
    tale.finals("again")
    assert set(tale.names()) == {"lost-add"}


def test_a_two_phase_set_never_takes_back_what_was_removed(tale: SetTale) -> None:
    """That is what it declares, and the opposite of an observed-remove set."""
    tale.contend()
    tale.finals()
    assert set(tale.names(semantics="add-wins")) == {"lost-add"}
    assert tale.check(semantics="two-phase").verdict is Verdict.VALID
    tale.read(["again"])
    assert tale.names(semantics="two-phase") == ["resurrected-element"]


def test_where_the_last_writer_wins_clocks_decide(tale: SetTale) -> None:
    """Only what was never removed has to be there."""
    for values in ((), ("again",)):
        other = SetTale()
        other.contend()
        other.finals(*values)
        assert other.names(semantics="last-writer-wins") == []
    tale.add("x")
    tale.finals()
    assert set(tale.names(semantics="last-writer-wins")) == {"lost-add"}


def test_a_remove_names_the_tags_of_its_node(tale: SetTale) -> None:
    """Unless another remove took them, or an unclear one may have."""
    tale.contend()
    tale.add("x", tag="t1")
    tale.remove("x", tags=["t1"])
    tale.remove("x", tags=[])
    tale.finals("again")
    assert tale.names() == []
    unclear = SetTale()
    unclear.contend()
    unclear.add("x", tag="t1")
    unclear.remove("x", status="info", node="n2", process=4)
    unclear.remove("x", tags=[])
    unclear.finals("again")
    assert unclear.names() == []


def test_without_contention_nothing_is_shown(tale: SetTale) -> None:
    """If every add may have been observed, none could have been lost."""
    tale.add("x")
    tale.remove("x")
    tale.finals()
    result = tale.check()
    assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.VACUOUS)
    assert "none could be lost" in result.summary


def test_an_empty_history_is_unknown(tale: SetTale) -> None:
    """Nothing was shown."""
    assert tale.check().reason is Reason.VACUOUS


def test_elements_may_stand_alone(tale: SetTale) -> None:
    """A history from elsewhere need not put them into objects."""
    for f in ("add", "remove", "add"):
        tale.end(tale.begin(f, "x"))
    tale.finals("x")
    assert tale.check().verdict is Verdict.VALID


def test_other_operations_are_refused(tale: SetTale) -> None:
    """By name."""
    tale.end(tale.begin("pop", None), 1)
    assert tale.check().reason is Reason.UNSUPPORTED


@pytest.mark.parametrize("answer", [True, False])
def test_an_answer_about_an_element_is_a_read_of_it(
    tale: SetTale, *, answer: bool
) -> None:
    """What its own node added is there, and what it removed is not."""
    tale.contend()
    tale.contains("again", answer=answer)
    tale.add("x")
    tale.contains("x", answer=True)
    tale.remove("x")
    tale.contains("x", answer=not answer)
    tale.finals("again")
    assert tale.names() == ([] if answer else ["contains-mismatch"] * 2)
    assert tale.check().measures["read-count"].value == 2


def test_an_answer_during_a_remove_may_be_either(tale: SetTale) -> None:
    """The remove has begun: whether it has happened nobody knows."""
    tale.contend()
    tale.add("x")
    remove = tale.begin("remove", {"element": "x"}, process=3)
    tale.contains("x", answer=False)
    tale.contains("x", answer=True)
    tale.end(remove)
    tale.finals("again")
    assert tale.names() == []


def test_an_answer_of_another_node_may_be_old(tale: SetTale) -> None:
    """It need not have heard of the add, nor of the remove."""
    tale.contend()
    tale.contains("again", answer=False, node="n2")
    tale.add("x")
    tale.remove("x")
    tale.contains("x", answer=True, node="n2")
    tale.finals("again")
    assert tale.names() == []


def test_an_answer_is_yes_or_no(tale: SetTale) -> None:
    """Anything else is no answer; nobody is there who was never added."""
    tale.contend()
    tale.contains("again", answer="yes")
    tale.contains("y", answer=True)
    tale.finals("again")
    assert sorted(tale.names()) == ["phantom-element", "type-error"]


def test_answers_are_no_reads(tale: SetTale) -> None:
    """Who only asks for single elements has not looked at the set."""
    tale.contend()
    tale.contains("again", answer=True)
    result = tale.check()
    assert result.verdict is Verdict.UNKNOWN
    assert "no read succeeded" in result.summary


def test_a_tag_comes_back_to_none_but_a_node_that_forgot(tale: SetTale) -> None:
    """Two nodes may remove one tag, and two removes at once; a lost disk knows nothing."""
    tale.contend()
    tale.add("x", tag="t1")
    first = tale.begin("remove", {"element": "x"}, process=3)
    tale.remove("x", tags=["t1"])
    tale.end(first, {"element": "x", "tags_removed": ["t1"]})
    tale.remove("x", tags=["t1"], node="n2")
    tale.lose_disk("n1")
    tale.remove("x", tags=["t1"])
    tale.finals("again")
    assert tale.names() == []
    tale = SetTale()
    tale.contend()
    tale.add("x", tag="t1")
    tale.remove("x", tags=["t1"])
    tale.remove("x", tags=[])
    tale.remove("x", tags=["t1"])
    tale.finals("again")
    assert tale.names() == ["returned-tag"]


def test_removes_may_tell_all_tags_that_were_ever_taken(tale: SetTale) -> None:
    """Then a tag that is told twice has not come back."""
    tale.contend()
    tale.add("x", tag="t1")
    tale.remove("x", tags=["t1"])
    tale.remove("x", tags=["t1"])
    tale.add("x", tag="t2")
    tale.remove("x", tags=["t1", "t2"])
    tale.finals("again")
    assert tale.names() == []


def test_an_add_may_replace_the_tags_that_its_node_knows(tale: SetTale) -> None:
    """As in sets without tombstones: a remove then takes the last one alone."""
    tale.contend()
    tale.add("x", tag="t1")
    tale.add("x", tag="t2")
    tale.remove("x", tags=["t2"])
    tale.finals("again")
    assert tale.names() == []


def test_an_add_replaces_no_tag_that_was_made_after_it(tale: SetTale) -> None:
    """So the last of them is left if a remove takes the first alone."""
    tale.contend()
    tale.add("x", tag="t1")
    tale.add("x", tag="t2")
    tale.remove("x", tags=["t1"])
    tale.finals("again")
    assert tale.names() == ["live-tag-kept"]


def test_who_had_not_heard_of_a_tag_did_not_replace_it(tale: SetTale) -> None:
    """The second add was made on another node, and no message had told of the first."""
    tale.contend()
    tale.add("x", tag="t1")
    tale.add("x", tag="t2", node="n2")
    tale.remove("x", tags=["t2"])
    tale.finals("again")
    assert tale.names() == []
    invoked = [event for event in tale.events if event.type == "invoke"]
    adds = [event.index for event in invoked if event.f == "add"]
    others = [event.index for event in invoked if event.f != "add"]
    evidence: Any = Carried(*((add, other) for add in adds for other in others))
    assert tale.names(evidence=evidence) == ["live-tag-kept"]


def test_tags_may_be_counted_for_each_element(tale: SetTale) -> None:
    """One that two elements have is two tags."""
    tale.contend()
    for element in ("x", "y"):
        tale.add(element, tag=1)
        tale.remove(element, tags=[1])
        tale.remove(element, tags=[])
    tale.finals("again")
    assert tale.names() == []


def test_removes_may_spell_tags_otherwise_than_adds(tale: SetTale) -> None:
    """What they leave is then unknown."""
    tale.contend()
    tale.add("x", tag="n1-1")
    tale.remove("x", tags=[["n1", 1]])
    tale.finals("again")
    assert tale.names() == []


def test_one_tag_for_two_adds_says_nothing_of_whom_a_remove_knew() -> None:
    """It may have taken the tag of its own add."""
    tale = SetTale()
    tale.contend()
    tale.add("x", tag="t", node="n2")
    tale.add("x", tag="t")
    tale.remove("x", tags=["t"])
    tale.finals("again")
    evidence: Any = Carried()
    names = set(tale.names(evidence=evidence))
    assert "tag-reuse" in names
    told = [one.sentence for one in tale.check(evidence=evidence).anomalies]
    assert not [one for one in told if "took the tag" in one]


def test_an_add_that_failed_and_shows_is_not_out_of_thin_air(tale: SetTale) -> None:
    """Though another add of the element came after the read."""
    tale.contend()
    tale.add("x", status="fail", node="n2")
    tale.read(["again", "x"])
    tale.add("x")
    tale.finals("again", "x")
    assert tale.names() == ["aborted-effect"]


def test_null_is_no_tag(tale: SetTale) -> None:
    """Who has none says null, perhaps."""
    tale.contend()
    for _ in range(2):
        add = tale.begin("add", {"element": "x"})
        tale.end(add, {"element": "x", "tag": None})
        tale.remove("x", tags=[None])
        tale.remove("x", tags=[])
    tale.finals("again")
    assert tale.names() == []


@pytest.mark.parametrize("semantics", ["two-phase", "last-writer-wins"])
def test_tags_decide_nothing_in_sets_of_other_kinds(
    tale: SetTale, semantics: str
) -> None:
    """There they may be names or times."""
    tale.contend()
    tale.add("x", tag=1)
    tale.add("x", tag=1)
    tale.finals("x") if semantics == "two-phase" else tale.finals("x", "again")
    assert tale.names(semantics=semantics) == []
