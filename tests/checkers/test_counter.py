"""Each anomaly of a counter by its least history, and siblings without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from checkers import Reason, Verdict, check_counter


if TYPE_CHECKING:
    from checkers import Anomaly, Result

    from .conftest import Story


def names(result: Result) -> set[str]:
    return {anomaly.name for anomaly in result.anomalies if anomaly.fails}


def only(result: Result, name: str) -> Anomaly:
    assert names(result) == {name}
    assert result.verdict is Verdict.INVALID
    (anomaly,) = (found for found in result.anomalies if found.name == name)
    assert anomaly.operations
    assert anomaly.sentence.endswith(".")
    return anomaly


def test_all_adds_in_every_final_read_are_valid(story: Story) -> None:
    """Final reads that all return the acknowledged sum are valid."""
    history = story.history(story.add(3), story.add(4), story.final(7, "n0", "n1"))
    result = check_counter(history, nodes=["n0", "n1"], grow_only=True)
    assert result.verdict is Verdict.VALID
    assert result.complete
    assert result.anomalies == ()
    assert result.summary == (
        "The final reads of 2 nodes return 7: all 2 acknowledged adds, nothing else."
    )
    assert result.statistics["acceptable"] == [[7, 7]]


class TestTypes:
    @pytest.mark.parametrize("value", [True, False, 7.0, 7.5, "7", None, [7], {"v": 7}])
    def test_what_is_no_integer_is_a_type_error(self, story: Story, value: Any) -> None:
        """Booleans, fractions, strings, null and containers are no integers."""
        history = story.history(story.add(7), story.final(value))
        anomaly = only(check_counter(history, nodes=["n0"]), "type-error")
        assert anomaly.operations == (2,)

    def test_integers_of_any_size_are_integers(self, story: Story) -> None:
        """An integer beyond 64 bits is one all the same."""
        history = story.history(story.add(2**70), story.add(1), story.final(2**70 + 1))
        assert check_counter(history).verdict is Verdict.VALID

    def test_a_read_that_failed_has_no_type(self, story: Story) -> None:
        """Only ok reads are looked at."""
        history = story.history(
            story.add(7), story.read("x", status="info"), story.final(7)
        )
        assert check_counter(history).verdict is Verdict.VALID


class TestFinalSafety:
    def test_a_missing_add_that_is_the_only_explanation_is_named(
        self, story: Story
    ) -> None:
        """A lost update is named where only one add can be missing."""
        history = story.history(
            story.add(1, node="n1"), story.add(2, node="n2"), story.final(2, "n0", "n1")
        )
        anomaly = only(check_counter(history, nodes=["n0", "n1"]), "lost-update")
        assert anomaly.operations == (4, 6, 0)
        assert anomaly.data["candidates"] == [0]
        assert anomaly.data["certain"]
        assert anomaly.sentence == (
            "All 2 nodes agree on 2 (read 4 (n0, process 1002, 0.005 s)), but the 2 "
            "acknowledged adds sum to 3: adds that sum to 1 are missing, at least 1 "
            "add of 2. Only this can be missing: add 0 (+1, n1)."
        )

    def test_adds_that_look_alike_are_candidates(self, story: Story) -> None:
        """Of equal adds the candidates are named, those that cannot be are not."""
        history = story.history(
            story.add(1), story.add(1), story.add(5), story.final(6)
        )
        anomaly = only(check_counter(history), "lost-update")
        assert anomaly.data["candidates"] == [0, 2]
        assert not anomaly.data["certain"]
        assert "They are among add 0 (+1, n0) and add 2 (+1, n0)." in anomaly.sentence

    def test_the_least_number_of_missing_adds_is_told(self, story: Story) -> None:
        """Twelve missing from adds of at most four are at least three adds."""
        adds = [story.add(4) for _ in range(20)]
        anomaly = only(
            check_counter(story.history(adds, story.final(68))), "lost-update"
        )
        assert anomaly.data["missing-adds-at-least"] == 3
        assert "adds that sum to 12 are missing, at least 3 adds" in anomaly.sentence

    def test_where_reads_began_to_lag_is_told(self, story: Story) -> None:
        """The adds that overlapped when reads began to lag are the place to look."""
        history = story.history(
            [story.add(1) for _ in range(5)],
            story.read(5, at=(20, 21)),
            story.add(1, at=(22, 25), node="n1"),
            story.add(1, at=(23, 26), node="n2"),
            story.read(6, at=(30, 31)),
            [story.add(1, at=(40 + i, 40.5 + i)) for i in range(5)],
            story.final(11),
        )
        anomaly = only(check_counter(history), "lost-update")
        assert (
            "The last read that missed nothing was read 10 (n0, process 1005, 0.020 "
            "s); look at the adds under way between it and the next read: add 12 (+1, "
            "n1) and add 13 (+1, n2)." in anomaly.sentence
        )

    def test_with_decrements_the_first_incomplete_read_tells(
        self, story: Story
    ) -> None:
        """Later reads may be right by chance, so that the first wrong one counts."""
        history = story.history(
            [story.add(1) for _ in range(10)],
            story.read(10, at=(30, 31)),
            story.add(2, at=(32, 33), node="n1"),
            story.read(10, at=(34, 35)),
            story.add(2, at=(36, 37)),
            story.add(-2, at=(38, 39)),
            story.read(12, at=(40, 41)),
            story.add(-2, at=(42, 43)),
            story.final(8),
        )
        anomaly = only(check_counter(history), "lost-update")
        assert (
            "The first read that missed something was read 24 (n0, process 1012, 0.034 "
            "s); look at the adds under way between the read before and it: add 22 "
            "(+2, n1)." in anomaly.sentence
        )

    def test_a_first_read_that_misses_something_leaves_the_adds_before_it(
        self, story: Story
    ) -> None:
        """Without any complete read the first adds are the place to look."""
        history = story.history([story.add(1) for _ in range(20)], story.final(10))
        anomaly = only(check_counter(history), "lost-update")
        assert "The first read already missed something" in anomaly.sentence
        assert "(+1, n0), among others." in anomaly.sentence

    @pytest.mark.parametrize(("value", "verdict"), [(3, "valid"), (5, "valid")])
    def test_an_indeterminate_add_may_or_may_not_count(
        self, story: Story, value: Any, verdict: str
    ) -> None:
        """An add whose outcome is unknown is in the value or not."""
        for status in ("info", "dangling"):
            history = story.history(
                story.add(3), story.add(2, status=status), story.final(value)
            )
            assert check_counter(history).verdict.value == verdict

    def test_an_indeterminate_add_counts_at_most_once(self, story: Story) -> None:
        """Applying it twice is an over-count."""
        history = story.history(
            story.add(3), story.add(2, status="info"), story.final(7)
        )
        only(check_counter(history), "over-count")

    def test_a_value_between_the_sums_is_a_lost_update_if_adds_explain_it(
        self, story: Story
    ) -> None:
        """The indeterminate add applied and the acknowledged one lost."""
        history = story.history(
            story.add(3), story.add(10, status="info"), story.final(10)
        )
        anomaly = only(check_counter(history), "lost-update")
        assert anomaly.data["candidates"] == [0]

    def test_a_value_that_no_adds_sum_to_is_impossible(self, story: Story) -> None:
        """Half an add is no add."""
        history = story.history(story.add(4), story.add(4), story.final(6))
        anomaly = only(check_counter(history), "impossible-value")
        assert anomaly.data["value"] == 6

    def test_an_add_counted_twice_is_an_over_count(self, story: Story) -> None:
        """More than everything that was added is an over-count."""
        history = story.history(story.add(1), story.final(2))
        anomaly = only(check_counter(history), "over-count")
        assert anomaly.operations == (2,)

    def test_a_failed_add_that_counts_is_an_aborted_effect(self, story: Story) -> None:
        """An add reported as failed must not count; it is named."""
        history = story.history(
            story.add(1), story.add(5, status="fail"), story.final(6)
        )
        anomaly = only(check_counter(history), "aborted-effect")
        assert anomaly.operations == (4, 2)
        assert "add 2 (n0, process 1001, 0.003 s), +5" in anomaly.sentence

    def test_decrements_that_vanish_are_lost_updates(self, story: Story) -> None:
        """A value that stays too high because a decrement is missing."""
        history = story.history(story.add(5), story.add(-3), story.final(5))
        anomaly = only(check_counter(history), "lost-update")
        assert anomaly.data["candidates"] == [2]
        assert "adds that sum to -3 are missing" in anomaly.sentence

    def test_a_decrement_counted_twice_is_an_over_count(self, story: Story) -> None:
        """Below everything that was subtracted is an over-count too."""
        history = story.history(story.add(5), story.add(-3), story.final(-4))
        only(check_counter(history), "over-count")

    def test_a_counter_of_decrements_may_be_negative(self, story: Story) -> None:
        """A PN-counter below zero is fine."""
        history = story.history(story.add(-3), story.final(-3))
        assert check_counter(history).verdict is Verdict.VALID

    def test_an_add_after_a_final_read_is_not_expected_in_it(
        self, story: Story
    ) -> None:
        """What a final read has to show is decided by when it ran."""
        history = story.history(story.add(1), story.final(1), story.add(2))
        assert check_counter(history).verdict is Verdict.VALID

    def test_an_add_during_a_final_read_may_be_in_it(self, story: Story) -> None:
        """An add open while the final read runs is optional."""
        for value in (1, 3):
            history = story.history(
                story.add(1, at=(0, 1)),
                story.add(2, at=(2, 5)),
                story.read(value, at=(3, 4), final=True),
            )
            assert check_counter(history).verdict is Verdict.VALID

    def test_sums_too_wide_to_enumerate_are_bounded_and_said_to_be(
        self, story: Story
    ) -> None:
        """Without enumeration a value between the sums passes, as incomplete."""
        history = story.history(
            story.add(1),
            story.add(2**40, status="info"),
            story.add(2**40, status="info"),
            story.add(2**40 + 1, status="info"),
            story.final(100),
        )
        result = check_counter(history)
        assert result.verdict is Verdict.VALID
        assert not result.complete


class TestConvergence:
    def test_a_node_that_lags_behind_others_is_stale(self, story: Story) -> None:
        """Stale nodes are named with what they miss, apart from lost updates."""
        history = story.history(
            story.add(3), story.add(4), story.final(7, "n0", "n1"), story.final(3, "n2")
        )
        anomaly = only(check_counter(history), "stale-final-read")
        assert anomaly.data["nodes"] == ["n2"]
        assert anomaly.data["missing"] == 4
        assert anomaly.sentence.startswith("The final value of n2 is 3 ")

    def test_nodes_without_a_complete_one_among_them_diverge(
        self, story: Story
    ) -> None:
        """Each node with its own adds only: nothing need be lost."""
        history = story.history(
            story.add(3, node="n0"),
            story.add(4, node="n1"),
            story.final(3, "n0"),
            story.final(4, "n1"),
        )
        anomaly = only(check_counter(history), "divergence")
        assert [fact["missing"] for fact in anomaly.data["nodes"]] == [4, 3]
        assert "n0 3 (+4 missing), n1" not in anomaly.sentence
        assert "n0 3 (+4 missing) and n1 4 (+3 missing)" in anomaly.sentence

    def test_a_short_value_of_most_nodes_is_lost_and_the_rest_diverges(
        self, story: Story
    ) -> None:
        """Most nodes agree on too little, one has still less."""
        history = story.history(
            story.add(3), story.add(4), story.final(3, "n0", "n1"), story.final(0, "n2")
        )
        assert names(check_counter(history)) == {"lost-update", "divergence"}

    def test_nodes_that_differ_in_an_indeterminate_add_diverge(
        self, story: Story
    ) -> None:
        """Each value is safe by itself, and yet the nodes disagree."""
        history = story.history(
            story.add(3),
            story.add(1, status="info"),
            story.final(3, "n0"),
            story.final(4, "n1"),
        )
        anomaly = only(check_counter(history), "divergence")
        assert "differ in indeterminate adds" in anomaly.sentence

    def test_convergence_is_timed_from_the_heal_to_the_slowest_node(
        self, story: Story
    ) -> None:
        """The first read from which on a node's reads are complete counts."""
        history = story.history(
            story.add(3, at=(0, 1)),
            story.read(3, at=(2, 3), node="n0"),
            story.read(0, at=(11, 12), node="n1"),
            story.read(3, at=(24, 25), node="n1"),
            story.read(3, at=(30, 31), node="n0", final=True),
            story.read(3, at=(30, 31), node="n1", final=True),
            faults=[(5, "start-partition"), (10, "stop-partition")],
        )
        result = check_counter(history, grow_only=True)
        assert result.verdict is Verdict.VALID
        assert result.measures["convergence-ms"].value == 15
        assert result.measures["stale-reads"].value == 1

    def test_convergence_is_timed_from_the_last_add_without_faults(
        self, story: Story
    ) -> None:
        """Without a nemesis the last acknowledged add is where time starts."""
        history = story.history(
            story.add(3, at=(0, 1)), story.read(3, at=(2, 4), final=True)
        )
        assert check_counter(history).measures["convergence-ms"].value == 3

    def test_without_convergence_there_is_no_time(self, story: Story) -> None:
        """Nodes that disagree have no convergence time."""
        history = story.history(story.add(3), story.final(3), story.final(0, "n1"))
        assert check_counter(history).measures["convergence-ms"].value is None


class TestDuringTheRun:
    def test_a_read_may_miss_any_add(self, story: Story) -> None:
        """Staleness alone is no violation, and is counted."""
        history = story.history(story.add(3), story.read(0), story.final(3))
        result = check_counter(history, grow_only=True)
        assert result.verdict is Verdict.VALID
        assert result.measures["stale-reads"].value == 1

    def test_more_than_was_added_by_then_is_an_over_count(self, story: Story) -> None:
        """A read is bounded by the adds invoked before it ended."""
        history = story.history(
            story.add(3), story.read(5), story.add(2), story.final(5)
        )
        anomaly = only(check_counter(history), "over-count")
        assert anomaly.operations == (2,)
        assert (anomaly.data["low"], anomaly.data["high"]) == (0, 3)

    def test_an_add_that_overlaps_the_read_may_be_in_it(self, story: Story) -> None:
        """An add invoked before the read ended may be visible."""
        history = story.history(
            story.add(3, at=(2, 9)), story.read(3, at=(1, 3)), story.final(3)
        )
        assert check_counter(history).verdict is Verdict.VALID

    def test_a_value_before_any_add_is_thin_air(self, story: Story) -> None:
        """Nothing was added, and yet something is read."""
        history = story.history(story.read(3), story.add(3), story.final(3))
        only(check_counter(history), "thin-air")

    def test_a_growing_counter_below_zero_is_negative(self, story: Story) -> None:
        """Only the grow-only counter cannot be negative."""
        history = story.history(story.add(3), story.read(-1), story.final(3))
        only(check_counter(history, grow_only=True), "negative-value")
        only(check_counter(history), "over-count")

    def test_part_of_an_add_is_impossible(self, story: Story) -> None:
        """Within the bounds, and no sum of adds."""
        history = story.history(
            story.add(4), story.add(4), story.read(6), story.final(8)
        )
        only(check_counter(history), "impossible-value")

    def test_a_failed_add_in_a_read_is_an_aborted_effect(self, story: Story) -> None:
        """Also when it is gone again at the end."""
        history = story.history(
            story.add(1), story.add(2, status="fail"), story.read(3), story.final(1)
        )
        anomaly = only(check_counter(history), "aborted-effect")
        assert anomaly.operations == (4, 2)

    def test_several_failed_adds_may_be_needed_for_an_aborted_effect(
        self, story: Story
    ) -> None:
        """Without a single failed add to blame, the effect is one all the same."""
        history = story.history(
            story.add(1),
            story.add(20, status="fail"),
            story.add(30, status="fail"),
            story.read(50),
            story.final(1),
        )
        anomaly = only(check_counter(history), "aborted-effect")
        assert "Only together with failed adds" in anomaly.sentence

    def test_a_failed_add_that_explains_nothing_is_not_blamed(
        self, story: Story
    ) -> None:
        """An over-count stays one where failed adds do not fit."""
        history = story.history(
            story.add(1), story.add(2, status="fail"), story.read(5), story.final(1)
        )
        only(check_counter(history), "over-count")


class TestOrder:
    def test_a_node_that_goes_back_regresses(self, story: Story) -> None:
        """A later read of the same node must not return less."""
        history = story.history(
            story.add(3), story.read(3), story.read(0), story.final(3)
        )
        anomaly = only(check_counter(history, grow_only=True), "regress")
        assert anomaly.operations == (2, 4)

    def test_one_loss_is_one_anomaly(self, story: Story) -> None:
        """Later reads below the same value are not counted again."""
        history = story.history(
            story.add(3),
            story.read(3),
            [story.read(0) for _ in range(9)],
            story.final(3),
        )
        result = check_counter(history, grow_only=True)
        assert result.statistics["anomaly-counts"] == {"regress": 1}

    def test_the_greatest_earlier_read_counts(self, story: Story) -> None:
        """A regress is measured against all earlier reads, not the last one."""
        history = story.history(
            story.add(3),
            story.read(3, at=(10, 11)),
            story.read(1, at=(10.5, 12)),
            story.read(2, at=(13, 14)),
            story.add(2, at=(1, 2)),
            story.add(1, at=(1, 2)),
            story.final(6),
        )
        anomaly = only(check_counter(history, grow_only=True), "regress")
        assert (anomaly.data["before"], anomaly.data["after"]) == (3, 2)

    def test_reads_that_overlap_are_not_compared(self, story: Story) -> None:
        """Concurrent reads may be answered in any order."""
        history = story.history(
            story.add(3, at=(0, 1)),
            story.read(3, at=(2, 5)),
            story.read(0, at=(3, 6)),
            story.final(3),
        )
        assert check_counter(history, grow_only=True).verdict is Verdict.VALID

    def test_other_nodes_may_lag(self, story: Story) -> None:
        """Only reads of one node are compared."""
        history = story.history(
            story.add(3), story.read(3), story.read(0, node="n1"), story.final(3)
        )
        assert check_counter(history, grow_only=True).verdict is Verdict.VALID

    def test_without_nodes_processes_are_compared(self, story: Story) -> None:
        """Where nodes were not recorded, a process stands for its node."""
        history = story.history(
            story.add(3, node=None),
            story.read(3, node=None, process=1),
            story.read(0, node=None, process=1),
            story.final(3),
        )
        only(check_counter(history, grow_only=True), "regress")

    def test_counters_that_shrink_may_go_back(self, story: Story) -> None:
        """With decrements a lower value is nothing remarkable."""
        history = story.history(
            story.add(3), story.read(3), story.read(0), story.final(3)
        )
        assert check_counter(history).verdict is Verdict.VALID

    def test_a_process_that_roams_and_goes_back_is_noted(self, story: Story) -> None:
        """A process that changes nodes is promised nothing."""
        history = story.history(
            story.add(3),
            story.read(3, process=1),
            story.read(0, process=1, node="n1"),
            story.final(3),
        )
        result = check_counter(history, grow_only=True)
        assert result.verdict is Verdict.VALID
        (note,) = result.anomalies
        assert (note.name, note.fails, note.operations) == ("regress", False, (2, 4))

    def test_a_read_without_the_own_add_is_noted(self, story: Story) -> None:
        """Eventual consistency does not promise that a process sees its own adds."""
        history = story.history(
            story.add(3, process=1), story.read(0, process=1), story.final(3)
        )
        result = check_counter(history, grow_only=True)
        assert result.verdict is Verdict.VALID
        (note,) = result.anomalies
        assert (note.name, note.fails) == ("read-your-writes", False)


class TestVacuity:
    def test_an_empty_history_says_nothing(self, story: Story) -> None:
        """Nothing happened: UNKNOWN, with all that was missing."""
        result = check_counter(story.history(), nodes=["n0"])
        assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.VACUOUS)
        assert result.summary == (
            "This run cannot tell: no add was acknowledged, no read succeeded and "
            "there is no final read of n0."
        )

    def test_a_node_without_final_read_leaves_the_verdict_open(
        self, story: Story
    ) -> None:
        """Every node that was part of the run has to answer."""
        history = story.history(story.add(3), story.final(3), story.read(3, node="n1"))
        result = check_counter(history, nodes=["n0", "n1"])
        assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.VACUOUS)
        assert "no final read of n1" in result.summary
        assert check_counter(history, nodes=["n0"]).verdict is Verdict.VALID

    def test_without_final_reads_lost_updates_are_not_looked_for(
        self, story: Story
    ) -> None:
        """Reads during the run cannot tell whether adds survive."""
        history = story.history(story.add(3), story.read(3))
        assert check_counter(history).reason is Reason.VACUOUS

    def test_adds_of_nothing_say_nothing(self, story: Story) -> None:
        """A node that ignores adds of 0 is not told from one that keeps them."""
        history = story.history(story.add(0), story.final(0))
        assert check_counter(history).reason is Reason.VACUOUS

    def test_a_violation_outweighs_what_is_missing(self, story: Story) -> None:
        """INVALID needs no complete run."""
        history = story.history(story.read(3), story.add(3))
        assert check_counter(history, nodes=["n0"]).verdict is Verdict.INVALID

    def test_reads_alone_say_nothing(self, story: Story) -> None:
        """Without an acknowledged add a zero is no evidence."""
        history = story.history(story.add(3, status="info"), story.final(0))
        assert check_counter(history).reason is Reason.VACUOUS


class TestUnfitHistories:
    @pytest.mark.parametrize("delta", [1.0, True, "1", None])
    def test_a_delta_that_is_no_integer_is_malformed(
        self, story: Story, delta: Any
    ) -> None:
        """The history, not the node, is at fault."""
        result = check_counter(story.history(story.add(delta), story.final(1)))
        assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.MALFORMED)

    def test_a_malformed_add_that_failed_does_no_harm(self, story: Story) -> None:
        """A node may reject nonsense."""
        history = story.history(
            story.add("x", status="fail"), story.add(1), story.final(1)
        )
        assert check_counter(history).verdict is Verdict.VALID

    def test_a_decrement_of_a_growing_counter_is_unsupported(
        self, story: Story
    ) -> None:
        """The advice is to check a PN-counter."""
        history = story.history(story.add(-1), story.final(-1))
        result = check_counter(history, grow_only=True)
        assert result.reason is Reason.UNSUPPORTED
        assert "pn-counter" in result.summary

    def test_other_operations_are_unsupported(self, story: Story) -> None:
        """A write is none of a counter."""
        history = story.history(story.op("write", 1), story.final(1))
        assert check_counter(history).reason is Reason.UNSUPPORTED


def test_examples_are_bounded_and_counted(story: Story) -> None:
    """A history full of anomalies carries a few, and their number: one a node."""
    history = story.history(
        story.add(1),
        [story.read(9, node=f"n{at % 50}") for at in range(200)],
        story.final(1),
    )
    result = check_counter(history)
    assert len(result.anomalies) == 8
    assert result.statistics["anomaly-counts"] == {"over-count": 50}
    assert result.summary.endswith("In all: 50 over-count.")
