"""Registers with siblings: each rule, on the smallest history that breaks it."""

from __future__ import annotations

from typing import Any

import pytest

from checkers import Reason, Verdict
from histories import Event

from .tales import Tale, Unconnected, entry


@pytest.fixture
def tale() -> Tale:
    return Tale()


def test_concurrent_writes_stay_side_by_side(tale: Tale) -> None:
    """Until a write that has seen both replaces both."""
    tale.write("a")
    tale.write("b", node="n2", process=2)
    both = tale.read("a", "b", conflict=True)
    tale.write("c", both)
    tale.finals("c")
    result = tale.check()
    assert result.verdict is Verdict.VALID, result
    assert result.complete
    assert result.measures["siblings-max"].value == 2
    assert "All 3 acknowledged writes" in result.summary


def test_one_of_two_concurrent_writes_is_lost(tale: Tale) -> None:
    """Nothing that is left had seen it."""
    first = tale.write("a")
    tale.write("b", node="n2", process=2)
    tale.finals("b")
    result = tale.check()
    assert result.verdict is Verdict.INVALID
    lost = result.anomalies[0]
    assert (lost.name, lost.operations[0]) == ("lost-write", first)
    assert 'write 0 (n1, process 0, 0.000 s) of "a" was acknowledged' in lost.sentence


def test_a_value_beside_the_one_that_replaced_it(tale: Tale) -> None:
    """A false conflict is found in any read."""
    first = tale.write("a")
    tale.write("b", first)
    tale.write("x", node="n2", process=2)
    tale.read("a", "b", "x")
    tale.finals("b", "x")
    assert tale.names() == ["superseded-sibling"]


def test_a_node_forgets_what_it_acknowledged_or_showed(tale: Tale) -> None:
    """Its own writes and its own answers are what it owes, by name."""
    tale.write("a")
    tale.write("b", node="n2", process=2)
    tale.read("b")
    tale.read("a")
    tale.finals("a", "b")
    result = tale.check()
    assert [one.name for one in result.anomalies] == ["forgotten-write"] * 2
    assert [one.data["assumes"] for one in result.anomalies] == ["own", "seen"]
    assert any("(own)" in line for line in result.assumes)


def test_a_node_that_lost_its_disk_owes_nothing(tale: Tale) -> None:
    """What others still have comes back; what they have not may be gone for good."""
    tale.write("a")
    tale.write("b", node="n2", process=2)
    tale.lose_disk("n1")
    tale.read()
    tale.finals("a", "b")
    assert tale.check().verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (("z",), "phantom-value"),
        (("f",), "aborted-effect"),
        (("a", "a"), "duplicate-sibling"),
    ],
)
def test_what_is_read_was_written(tale: Tale, values: Any, name: str) -> None:
    """By a write that did not fail, and each value comes once."""
    tale.write("f", status="fail")
    tale.write("a")
    tale.write("b", node="n2", process=2)
    tale.read(*values, node="n3")
    tale.finals("a", "b")
    assert tale.names() == [name]


def test_nothing_is_read_before_it_is_written(tale: Tale) -> None:
    """The value comes out of thin air, even if somebody writes it later."""
    tale.read("a", node="n3")
    tale.write("a")
    tale.write("b", node="n2", process=2)
    tale.finals("a", "b")
    assert tale.names() == ["thin-air"]


def test_the_flag_says_whether_there_is_a_conflict(tale: Tale) -> None:
    """False with two values is wrong, and so is true with one."""
    tale.write("a")
    tale.write("b", node="n2", process=2)
    tale.read("a", conflict=True)
    tale.read("a", "b", conflict=False)
    tale.finals("a", "b")
    assert tale.names() == ["wrong-conflict-flag"] * 2


@pytest.mark.parametrize("output", [None, {"key": "k"}, {"values": ["a"]}])
def test_a_read_returns_objects_with_values(tale: Tale, output: Any) -> None:
    """Anything else is no register's read."""
    tale.operation("read", {"key": "k"}, output, node="n1", process=0)
    assert tale.names() == ["type-error"]


def test_nodes_agree_in_the_end(tale: Tale) -> None:
    """Each is right by itself, and they differ by an indeterminate write."""
    tale.write("a")
    tale.write("b", node="n2", process=2)
    tale.write("i", node="n2", process=3, status="info")
    tale.read("a", "b", node="n1", final=True)
    tale.read("a", "b", "i", node="n2", final=True)
    assert tale.names() == ["divergence"]


def test_an_indeterminate_write_may_be_there_or_not(tale: Tale) -> None:
    """Both are fine as long as the nodes agree."""
    for values in (("a", "b"), ("a", "b", "i")):
        other = Tale()
        other.write("a")
        other.write("b", node="n2", process=2)
        other.write("i", node="n2", process=3, status="info")
        other.finals(*values)
        assert other.check().verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("clock", "names"),
    [
        ({"c0": 2, "c2": 1}, []),
        ({"c0": 1, "c2": 1}, ["clock-below-context", "dot-reuse"]),
        ({"c0": 2}, ["clock-below-context", "clock-misses-cause"]),
    ],
)
def test_the_clock_of_a_write_covers_its_context(
    tale: Tale, clock: Any, names: list[str]
) -> None:
    """And has a dot of its own."""
    tale.write("a", clock={"c0": 1})
    tale.write("b", node="n2", process=2, clock={"c2": 1})
    both = tale.read(entry("a"), entry("b"))
    tale.write("c", both, clock=clock, context={"c0": 1, "c2": 1})
    tale.finals({"value": "c", "vc": clock})
    assert sorted(tale.names()) == names


def test_a_clock_that_covers_what_was_not_seen(tale: Tale) -> None:
    """Whoever merges it drops the other value."""
    tale.write("a", clock={"c0": 1})
    tale.write("b", node="n2", process=2, clock={"c0": 1, "c2": 1})
    tale.finals("a", "b")
    assert tale.names() == ["false-cause"]


def test_a_value_keeps_its_clock(tale: Tale) -> None:
    """The same value with another clock is another thing to a merge."""
    tale.write("a", clock={"c0": 1})
    tale.write("b", node="n2", process=2, clock={"c2": 1})
    tale.finals(entry("a", c0=1), entry("b", c2=1))
    tale.read(entry("a", c0=3), node="n3")
    assert tale.names() == ["unstable-clock"]


def test_siblings_may_have_one_clock_which_is_the_context_of_the_read(
    tale: Tale,
) -> None:
    """It moves on with every write, and is nobody's own."""
    tale.write("a", clock={"c0": 1})
    tale.write("b", node="n2", process=2, clock={"c2": 1})
    tale.read(entry("a", c0=1))
    both = {"c0": 1, "c2": 1}
    tale.finals(entry("a", **both), entry("b", **both))
    assert tale.names() == []
    tale.read(entry("a", c0=1), entry("b", c2=1), node="n3")
    assert tale.names() == ["unstable-clock"] * 2


@pytest.mark.parametrize("named", [True, False])
def test_a_context_may_be_what_only_its_node_reads(tale: Tale, *, named: bool) -> None:
    """Who made it up may say where it comes from; else it may come from anywhere."""
    tale.write("a", clock={"dots": [1]})
    tale.write("b", node="n2", process=2, clock={"dots": [2]})
    vc = {"dots": [1, 2]}
    both = tale.read({"value": "a", "vc": vc}, {"value": "b", "vc": vc}, process=3)
    given = {"key": "k", "value": "c", "context": vc}
    given |= {"seen": [both + 1]} if named else {}
    tale.operation("write", given, given, node="n1", process=3)
    tale.finals("c")
    result = tale.check()
    assert result.verdict is Verdict.VALID
    assert result.statistics["untraced-contexts"] == (not named)


def test_a_context_is_traced_by_its_clock(tale: Tale) -> None:
    """Without word of where it comes from, the client's last reply explains it."""
    given = {"key": "k", "value": "c", "context": {"c0": 1, "c2": 1}}
    tale.write("a", clock={"c0": 1})
    tale.write("b", node="n2", process=2, clock={"c2": 1})
    tale.read(entry("a"), entry("b"), process=3)
    tale.operation("write", given, given, node="n1", process=3)
    tale.finals("c")
    result = tale.check()
    assert result.verdict is Verdict.VALID
    assert result.statistics["untraced-contexts"] == 0


def test_a_context_from_nowhere_excuses(tale: Tale) -> None:
    """It may have seen anything, so that nothing is called lost because of it."""
    given = {"key": "k", "value": "c", "context": {"c9": 4}}
    tale.write("a")
    tale.write("b", node="n2", process=2)
    tale.operation("write", given, given, node="n1", process=3)
    tale.finals("c")
    result = tale.check()
    assert result.verdict is Verdict.VALID
    assert not result.complete
    assert result.statistics["untraced-contexts"] == 1


def test_a_write_by_replica_replaces_what_its_node_had(tale: Tale) -> None:
    """Without contexts the second of two writes to one node replaces the first."""
    for value, node in (("a", "n1"), ("b", "n1"), ("c", "n2")):
        given = {"key": "k", "value": value}
        tale.operation("write", given, given, node=node, process=0)
    tale.finals("b", "c")
    assert tale.check(semantics="replica").verdict is Verdict.VALID
    tale.read("a", "b", "c", node="n2")
    assert tale.names(semantics="replica") == ["superseded-sibling"]


def test_a_write_by_replica_replaces_what_its_node_had_shown(tale: Tale) -> None:
    """Wherever that was written: the node had it, unless its disk was lost."""
    write = {"key": "k", "value": "a"}
    tale.operation("write", write, write, node="n1", process=0)
    shown = tale.read("a", node="n2")
    lost = Tale()
    lost.events += tale.events
    lost.lose_disk("n2")
    for one in (tale, lost):
        write = {"key": "k", "value": "b"}
        one.operation("write", write, write, node="n2", process=2)
        one.finals("a", "b")
    assert lost.names(semantics="replica") == []
    (anomaly,) = tale.check(semantics="replica").anomalies
    assert (anomaly.name, anomaly.data["assumes"]) == ("superseded-sibling", "seen")
    assert anomaly.operations[1] == shown
    assert "n2 had shown it to read 2 (n2" in anomaly.sentence


def test_a_node_without_its_disk_counts_under_a_new_name(tale: Tale) -> None:
    """Its clocks keep the old name beside it: a dot is of the newest one."""
    clocks = [{"n1": 1}, {"n1": 1, "n1.3": 1}, {"n1": 1, "n1.3": 2}]
    clocks += [{"n1": 1, "n1.3": 2, "n1.12": 1}, {"n1": 1, "n1.3": 2, "n1.12": 2}]
    for value, clock in enumerate(clocks):
        given = {"key": "k", "value": value}
        if value in {1, 3}:
            tale.lose_disk("n1")
        tale.operation("write", given, {**given, "vclock": clock}, node="n1", process=0)
    given = {"key": "k", "value": "other"}
    clock = {"n1": 1, "n1.3": 2, "n1.12": 2, "n2": 1}
    tale.operation("write", given, {**given, "vclock": clock}, node="n2", process=2)
    tale.finals("other")
    assert tale.names(semantics="replica") == []
    again = {"key": "k", "value": "again"}
    tale.operation(
        "write", again, {**again, "vclock": clocks[-1]}, node="n1", process=0
    )
    tale.finals("other")
    assert "dot-reuse" in tale.names(semantics="replica")


def test_a_write_by_replica_is_lost_if_none_came_after_it(tale: Tale) -> None:
    """What is left was over before it began, and cannot have replaced it."""
    for value, node in (("a", "n1"), ("b", "n2")):
        given = {"key": "k", "value": value}
        tale.operation("write", given, given, node=node, process=0)
    tale.finals("a")
    assert tale.names(semantics="replica") == ["lost-write", "forgotten-write"]


def test_a_node_owes_its_writes_until_something_may_have_replaced_them(
    tale: Tale,
) -> None:
    """What was written elsewhere by one who cannot have known is no excuse."""

    def write(value: str, node: str) -> None:
        given = {"key": "k", "value": value}
        tale.operation("write", given, given, node=node, process=0)

    write("a", "n1")
    write("b", "n2")
    tale.read("b")
    write("c", "n1")
    tale.read("c")
    tale.finals("c")
    evidence: Any = Unconnected(tale)
    options: dict[str, Any] = {"semantics": "replica", "evidence": evidence}
    assert tale.names(semantics="replica") == []
    forgotten = [
        anomaly
        for anomaly in tale.check(**options).anomalies
        if anomaly.name == "forgotten-write"
    ]
    found = forgotten[0]
    assert found.operations == (0, 4)
    assert found.data["assumes"] == "own"
    assert "had acknowledged write 0" in found.sentence


@pytest.mark.parametrize("semantics", ["context", "replica"])
def test_a_reply_from_before_a_disk_was_lost_may_come_after(
    tale: Tale, semantics: str
) -> None:
    """Whoever reads the pipe of a dead process hears what it said while it lived."""
    given: dict[str, Any] = {"key": "k", "value": "a"}
    if semantics == "context":
        given |= {"context": {}, "seen": []}
    tale.operation("write", given, given, status="open", node="n1", process=0)
    tale.lose_disk("n1")
    more: dict[str, Any] = {"process": 0, "node": "n1"}
    index = len(tale.events)
    tale.events.append(
        Event(index=index, time=index, type="ok", f="write", value=given, **more)
    )
    tale.read()
    tale.finals("a")
    assert tale.names(semantics=semantics) == []


def test_by_replica_a_node_without_its_disk_owes_nothing(tale: Tale) -> None:
    """Nor does it owe what it showed before."""
    given = {"key": "k", "value": "a"}
    tale.operation("write", given, given, node="n1", process=0)
    tale.lose_disk("n1")
    tale.read()
    tale.finals("a")
    assert tale.names(semantics="replica") == []


def test_last_writer_wins_loses_silently_and_is_told_so(tale: Tale) -> None:
    """That is its contract: counted, and nothing fails."""
    tale.write("a")
    tale.write("b", node="n2", process=2)
    tale.finals("b")
    result = tale.check(mode="lww")
    assert result.verdict is Verdict.VALID
    assert result.measures["lost-writes"].value == 1
    (note,) = result.anomalies
    assert (note.name, note.fails) == ("overwritten-concurrently", False)


def test_last_writer_wins_must_not_lose_the_later_write(tale: Tale) -> None:
    """One that had seen the other and replaced it."""
    first = tale.write("a")
    tale.write("b", first)
    tale.write("x", node="n2", process=2)
    tale.finals("a")
    assert "causal-loss" in tale.names(mode="lww")


def test_without_concurrency_nothing_is_shown(tale: Tale) -> None:
    """Writes that each saw the one before could not have been lost."""
    first = tale.write("a")
    tale.write("b", first)
    tale.finals("b")
    result = tale.check()
    assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.VACUOUS)
    assert "no two writes were concurrent" in result.summary


def test_every_node_owes_a_final_read(tale: Tale) -> None:
    """One that did not answer may have lost everything."""
    tale.write("a")
    tale.write("b", node="n2", process=2)
    tale.finals("a", "b", nodes=("n1",))
    result = tale.check()
    assert result.reason is Reason.VACUOUS
    assert "final read on n2" in result.summary


def test_an_empty_history_is_unknown(tale: Tale) -> None:
    """Nothing was shown."""
    assert tale.check().reason is Reason.VACUOUS


def test_values_have_to_tell_writes_apart(tale: Tale) -> None:
    """Two writes of one value cannot be judged."""
    tale.write("a")
    tale.write("a", node="n2", process=2)
    result = tale.check()
    assert result.reason is Reason.UNSUPPORTED
    assert "as operation 0 did" in result.summary


def test_what_is_no_register_is_refused(tale: Tale) -> None:
    """Other functions and other values are named."""
    tale.operation("pop", None, None, node="n1", process=0)
    assert "neither 'write' nor 'read'" in tale.check().summary
    other = Tale()
    other.operation("write", 3, 3, node="n1", process=0)
    assert "expected an object with key and value" in other.check().summary
    wrong = Tale()
    wrong.write("a", 77)
    assert wrong.check().reason is Reason.MALFORMED


def test_what_no_message_carried_cannot_be_known(tale: Tale) -> None:
    """Neither shown by a read, nor covered by the clock of a write."""
    tale.write("a", clock={"c0": 1})
    tale.write("b", node="n2", process=2, clock={"c0": 1, "c2": 1})
    tale.finals("a", nodes=("n2",))
    evidence: Any = Unconnected(tale)
    found = tale.names(evidence=evidence)
    assert "impossible-knowledge" in found
    assert "impossible-cause" in found


def test_by_replica_a_write_is_replaced_only_by_what_could_know_it(tale: Tale) -> None:
    """The journal tells more than the times do."""
    for value, node in (("a", "n1"), ("b", "n2")):
        given = {"key": "k", "value": value}
        tale.operation("write", given, given, node=node, process=0)
    tale.finals("b", nodes=("n2",))
    assert tale.names(semantics="replica") == []
    evidence: Any = Unconnected(tale)
    assert tale.names(semantics="replica", evidence=evidence) == ["lost-write"]


def test_a_contract_that_allows_old_reads_forgives_what_has_not_arrived(
    tale: Tale,
) -> None:
    """Nodes that forget and differ are noted; what is no register fails all the same."""
    tale.write("a")
    tale.write("b", node="n2", process=1)
    tale.read(node="n1")
    tale.read("a", node="n1", final=True)
    tale.read("b", node="n2", final=True)
    assert tale.check().verdict is Verdict.INVALID
    result = tale.check(converges=False)
    assert result.verdict is Verdict.VALID, result.summary
    assert {one.name for one in result.anomalies} >= {"forgotten-write", "lost-write"}
    assert not any(one.fails for one in result.anomalies)
    tale.read("c", node="n1")
    assert tale.check(converges=False).verdict is Verdict.INVALID


def test_a_contract_without_convergence_asks_for_no_concurrent_writes(
    tale: Tale,
) -> None:
    """One client that writes and reads says enough of what it saw."""
    tale.write("a")
    tale.finals("a")
    assert tale.check().verdict is Verdict.UNKNOWN
    assert tale.check(converges=False).verdict is Verdict.VALID
