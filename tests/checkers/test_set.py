"""Each anomaly of a set by its least history, and siblings without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from checkers import Reason, Verdict, check_set


if TYPE_CHECKING:
    from checkers import Anomaly, Result

    from .conftest import Story


def names(result: Result) -> set[str]:
    return {anomaly.name for anomaly in result.anomalies if anomaly.fails}


def only(result: Result, name: str) -> Anomaly:
    assert names(result) == {name}
    assert result.verdict is Verdict.INVALID
    anomaly = next(found for found in result.anomalies if found.name == name)
    assert anomaly.operations
    assert anomaly.sentence.endswith(".")
    return anomaly


def test_every_element_in_every_final_read_is_valid(story: Story) -> None:
    """Elements in any order, on all nodes, are valid."""
    history = story.history(
        story.add(1), story.add("a"), story.final(["a", 1], "n0", "n1")
    )
    result = check_set(history, nodes=["n0", "n1"])
    assert result.verdict is Verdict.VALID
    assert result.complete
    assert result.anomalies == ()
    assert result.summary == (
        "All 2 acknowledged elements are in the final reads of 2 nodes, and none that "
        "was not added."
    )


def test_a_broadcast_is_a_set_by_another_name(story: Story) -> None:
    """The functions that add and read are arguments."""
    history = story.history(
        story.op("broadcast", 1), story.op("peek", None, [1], final=True)
    )
    assert check_set(history, add="broadcast", read="peek").verdict is Verdict.VALID


class TestContent:
    @pytest.mark.parametrize("value", [None, {"1": 1}, "one", 1])
    def test_what_is_no_list_is_a_type_error(self, story: Story, value: Any) -> None:
        """A read has to return a list."""
        history = story.history(story.add(1), story.read(value), story.final([1]))
        assert only(check_set(history), "type-error").operations == (2,)

    def test_an_element_twice_in_one_read_is_a_duplicate(self, story: Story) -> None:
        """A set has each element once; the element and the number are told."""
        history = story.history(story.add(1), story.add(2), story.final([1, 2, 1]))
        result = check_set(history)
        anomaly = only(result, "duplicate-element")
        assert anomaly.sentence == (
            "read 4 (n0, process 1002, 0.005 s) returned 1 2 times."
        )
        assert result.measures["duplicated-count"].value == 1
        assert result.statistics["duplicated"] == {"1": 2}

    def test_an_element_in_two_reads_is_no_duplicate(self, story: Story) -> None:
        """Only repetition within one read counts."""
        history = story.history(story.add(1), story.read([1]), story.final([1]))
        assert check_set(history).verdict is Verdict.VALID

    def test_an_element_that_nobody_added_is_a_phantom(self, story: Story) -> None:
        """Elements have to come from somewhere."""
        history = story.history(story.add(1), story.final([1, 99]))
        assert only(check_set(history), "phantom-element").data["element"] == "99"

    def test_an_element_of_a_failed_add_is_an_aborted_effect(
        self, story: Story
    ) -> None:
        """The failed add is cited."""
        history = story.history(
            story.add(1), story.add(2, status="fail"), story.final([1, 2])
        )
        assert only(check_set(history), "aborted-effect").operations == (4, 2)

    def test_an_element_of_an_add_that_failed_and_then_succeeded_is_fine(
        self, story: Story
    ) -> None:
        """One attempt that may have happened is enough."""
        for status in ("ok", "info"):
            history = story.history(
                story.add(1),
                story.add(2, status="fail"),
                story.add(2, status=status),
                story.final([1, 2]),
            )
            assert check_set(history).verdict is Verdict.VALID

    def test_an_element_before_its_add_is_thin_air(self, story: Story) -> None:
        """A read shows nothing that is added only after it ended."""
        for status in ("ok", "info"):
            history = story.history(
                story.add(1),
                story.read([1, 2]),
                story.add(2, status=status),
                story.final([1, 2]),
            )
            anomaly = only(check_set(history), "thin-air")
            assert anomaly.operations == (2, 4)

    def test_an_element_before_its_add_that_failed_is_thin_air_too(
        self, story: Story
    ) -> None:
        """Also if the later add definitely failed."""
        history = story.history(
            story.add(1),
            story.read([1, 2]),
            story.add(2, status="fail"),
            story.final([1]),
        )
        assert names(check_set(history)) == {"thin-air", "regress"}

    def test_an_element_whose_add_overlaps_the_read_is_fine(self, story: Story) -> None:
        """The add was invoked before the read ended."""
        history = story.history(
            story.add(1, at=(2, 9)), story.read([1], at=(1, 3)), story.final([1])
        )
        assert check_set(history).verdict is Verdict.VALID


class TestEquality:
    @pytest.mark.parametrize(
        ("added", "read"),
        [(1, True), (1, 1.0), (1, "1"), (0, False), (None, "null"), ([1], [1.0])],
    )
    def test_types_are_part_of_an_element(
        self, story: Story, added: Any, read: Any
    ) -> None:
        """An element that comes back with another type is lost, and a phantom."""
        history = story.history(story.add(added), story.final([read]))
        assert names(check_set(history)) == {"lost-element", "phantom-element"}

    @pytest.mark.parametrize(
        "element", [None, True, 1.5, "", [1, [2]], {"a": 1, "b": [None]}]
    )
    def test_any_json_can_be_an_element(self, story: Story, element: Any) -> None:
        """Lists and objects too."""
        history = story.history(story.add(element), story.final([element]))
        assert check_set(history).verdict is Verdict.VALID

    def test_the_order_of_keys_does_not_matter(self, story: Story) -> None:
        """Objects are equal whatever the order of their keys."""
        history = story.history(
            story.add({"a": 1, "b": 2}), story.final([{"b": 2, "a": 1}])
        )
        assert check_set(history).verdict is Verdict.VALID

    def test_elements_that_python_confuses_are_different(self, story: Story) -> None:
        """1, true and 1.0 in one read are no duplicates."""
        elements = [1, True, 1.0, "1", 0, False]
        history = story.history(map(story.add, elements), story.final(elements))
        assert check_set(history).verdict is Verdict.VALID


class TestFinalReads:
    def test_an_acknowledged_element_in_no_final_read_is_lost(
        self, story: Story
    ) -> None:
        """The add, the last read that had it and the final reads are cited."""
        history = story.history(
            story.add(1, node="n1"),
            story.add(2),
            story.read([1, 2], node="n1"),
            story.final([2], "n0", "n2"),
        )
        anomaly = only(check_set(history), "lost-element")
        assert anomaly.operations == (0, 4, 6, 8)
        assert anomaly.sentence == (
            "Element 1 of add 0 (n1, process 1000, 0.001 s), acknowledged at 0.002 s, "
            "is in none of 2 final reads. The last to return it was read 4 (n1, "
            "process 1002, 0.005 s)."
        )

    def test_an_element_that_was_read_is_lost_too(self, story: Story) -> None:
        """An indeterminate add that was seen did happen."""
        history = story.history(
            story.add(1),
            story.add(2, status="info"),
            story.read([1, 2], node="n1"),
            story.final([1]),
        )
        anomaly = only(check_set(history), "lost-element")
        assert anomaly.operations == (2, 4, 6)
        assert "returned by read 4" in anomaly.sentence

    def test_an_indeterminate_element_that_nobody_saw_is_not_lost(
        self, story: Story
    ) -> None:
        """It may never have happened."""
        history = story.history(
            story.add(1), story.add(2, status="info"), story.final([1])
        )
        assert check_set(history).verdict is Verdict.VALID

    def test_an_element_that_one_node_lacks_is_missing_there(
        self, story: Story
    ) -> None:
        """Every node's final read counts, not the last one alone."""
        history = story.history(
            story.add(1),
            story.add(2),
            story.final([1], "n0"),
            story.final([1, 2], "n1"),
        )
        anomaly = only(check_set(history), "missing-on-node")
        assert anomaly.operations == (4, 2)
        assert (anomaly.data["node"], anomaly.data["elements"]) == ("n0", ["2"])

    def test_nodes_that_differ_in_an_indeterminate_element_diverge(
        self, story: Story
    ) -> None:
        """After the recovery it is everywhere or nowhere."""
        history = story.history(
            story.add(1),
            story.add(2, status="info"),
            story.final([1], "n0"),
            story.final([1, 2], "n1"),
        )
        anomaly = only(check_set(history), "divergence")
        assert anomaly.data["node"] == "n0"

    def test_an_add_after_a_final_read_is_not_expected_in_it(
        self, story: Story
    ) -> None:
        """Nodes read before and after a late add do not diverge."""
        history = story.history(
            story.add(1),
            story.final([1], "n0"),
            story.add(2),
            story.final([1, 2], "n1"),
        )
        assert check_set(history, nodes=["n0", "n1"]).verdict is Verdict.VALID

    def test_an_add_during_a_final_read_may_be_in_it(self, story: Story) -> None:
        """Concurrent adds are optional."""
        for value in ([1], [1, 2]):
            history = story.history(
                story.add(1, at=(0, 1)),
                story.add(2, at=(2, 5)),
                story.read(value, at=(3, 4), final=True),
                story.read([1, 2], at=(6, 7), final=True),
            )
            assert check_set(history).verdict is Verdict.VALID

    def test_what_a_consistency_model_decides_is_a_fact(self, story: Story) -> None:
        """Without a promise to converge, what is not there yet fails nothing."""
        history = story.history(
            story.add(1),
            story.add(2),
            story.add(3),
            story.final([1], "n0"),
            story.final([], "n0"),
            story.final([2], "n1"),
        )
        result = check_set(history, nodes=["n0", "n1"], converges=False)
        assert result.verdict is Verdict.VALID
        assert {each.name for each in result.anomalies} >= {
            "missing-on-node",
            "lost-element",
            "regress",
        }
        assert not any(each.fails for each in result.anomalies)
        assert result.assumes == ()

    def test_no_consistency_model_allows_a_phantom(self, story: Story) -> None:
        """Values are held to what was added, whatever else is declared."""
        history = story.history(story.add(1), story.final([1, 3], "n0"))
        result = check_set(history, converges=False)
        assert only(result, "phantom-element").fails


class TestOrder:
    def test_a_node_that_forgets_regresses(self, story: Story) -> None:
        """An element shown by a node must be in its later reads."""
        history = story.history(
            story.add(1), story.read([1]), story.read([]), story.final([1])
        )
        assert only(check_set(history), "regress").operations == (2, 4)

    def test_one_loss_is_one_anomaly(self, story: Story) -> None:
        """Later reads without the same element are not counted again."""
        history = story.history(
            story.add(1),
            story.read([1]),
            [story.read([]) for _ in range(9)],
            story.final([1]),
        )
        assert check_set(history).statistics["anomaly-counts"] == {"regress": 1}

    def test_reads_that_overlap_are_not_compared(self, story: Story) -> None:
        """Concurrent reads may be answered in any order."""
        history = story.history(
            story.add(1, at=(0, 1)),
            story.read([1], at=(2, 5)),
            story.read([], at=(3, 6)),
            story.final([1]),
        )
        assert check_set(history).verdict is Verdict.VALID

    def test_what_overlapping_reads_showed_has_to_stay(self, story: Story) -> None:
        """A later read must show what either of two concurrent reads had shown."""
        history = story.history(
            story.add(1, at=(0, 1)),
            story.add(2, at=(0, 1)),
            story.read([1], at=(2, 5)),
            story.read([2], at=(3, 6)),
            story.read([1], at=(7, 8)),
            story.final([1, 2]),
        )
        assert only(check_set(history), "regress").data["elements"] == ["2"]

    def test_other_nodes_may_lag(self, story: Story) -> None:
        """Only reads of one node are compared."""
        history = story.history(
            story.add(1), story.read([1]), story.read([], node="n1"), story.final([1])
        )
        assert check_set(history).verdict is Verdict.VALID

    def test_a_read_without_the_own_element_is_noted(self, story: Story) -> None:
        """Eventual consistency does not promise that a process sees its own adds."""
        history = story.history(
            story.add(1, process=1), story.read([], process=1), story.final([1])
        )
        result = check_set(history)
        assert result.verdict is Verdict.VALID
        (note,) = result.anomalies
        assert (note.name, note.fails) == ("read-your-writes", False)
        assert note.operations == (2, 0)


class TestLatencies:
    def test_an_element_is_stable_from_its_last_absence_on(self, story: Story) -> None:
        """Known at 1 ms, last lacked by a read invoked at 11 ms."""
        history = story.history(
            story.add(1, at=(0, 1)),
            story.read([], at=(11, 12), node="n1"),
            story.read([1], at=(20, 21), node="n1", final=True),
        )
        result = check_set(history)
        assert result.measures["stable-latency-p50"].value == pytest.approx(10)
        assert result.measures["stable-latency-max"].unit == "ms"
        assert result.measures["stale-count"].value == 1
        assert result.measures["lost-latency-p50"].value is None
        (worst,) = result.statistics["worst-stale"]
        assert (worst["element"], worst["add"]) == ("1", 0)

    def test_a_lost_element_has_the_time_until_it_was_last_seen(
        self, story: Story
    ) -> None:
        """Known at 1 ms, last shown by a read invoked at 4 ms."""
        history = story.history(
            story.add(1, at=(0, 1)),
            story.read([1], at=(4, 5)),
            story.read([], at=(8, 9), node="n1", final=True),
        )
        result = check_set(history)
        assert result.measures["lost-count"].value == 1
        assert result.measures["lost-latency-max"].value == pytest.approx(3)
        assert result.statistics["lost"] == ["1"]

    def test_convergence_is_timed_from_the_heal(self, story: Story) -> None:
        """The slowest node has everything from its read at 24 ms on."""
        history = story.history(
            story.add(1, at=(0, 1)),
            story.read([], at=(11, 12), node="n1"),
            story.read([1], at=(23, 24), node="n1"),
            story.read([1], at=(30, 31), node="n0", final=True),
            story.read([1], at=(30, 31), node="n1", final=True),
            faults=[(5, "start-partition"), (10, "stop-partition")],
        )
        assert check_set(history).measures["convergence-ms"].value == 21


class TestVacuity:
    def test_an_empty_history_says_nothing(self, story: Story) -> None:
        """UNKNOWN, with all that was missing."""
        result = check_set(story.history(), nodes=["n0", "n1"])
        assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.VACUOUS)
        assert result.summary == (
            "This run cannot tell: no add was acknowledged, no read succeeded and "
            "there is no final read of n0 and n1."
        )

    def test_a_node_without_final_read_leaves_the_verdict_open(
        self, story: Story
    ) -> None:
        """Every node that was part of the run has to answer."""
        history = story.history(story.add(1), story.final([1]))
        assert check_set(history, nodes=["n0", "n1"]).reason is Reason.VACUOUS

    def test_without_final_reads_losses_are_not_looked_for(self, story: Story) -> None:
        """The last reads during a run may lag."""
        history = story.history(
            story.add(1), story.read([1]), story.read([], node="n1")
        )
        result = check_set(history)
        assert result.reason is Reason.VACUOUS
        assert result.measures["lost-count"].value == 1

    def test_an_element_that_no_read_could_show_says_nothing(
        self, story: Story
    ) -> None:
        """An add after the last read was never looked for."""
        history = story.history(story.add(1), story.final([1]), story.add(2))
        result = check_set(history)
        assert result.reason is Reason.VACUOUS
        assert "1 acknowledged element could not be in any read: 2" in result.summary

    def test_other_operations_are_unsupported(self, story: Story) -> None:
        """A remove is none of a grow-only set."""
        history = story.history(story.add(1), story.op("remove", 1))
        assert check_set(history).reason is Reason.UNSUPPORTED
