"""Faults that changed something, and faults that did not."""

from __future__ import annotations

from typing import Any

from checkers import Reason, Verdict, check_faults
from histories import NEMESIS, Event, History, MessageCounts, Outcome


def struck(*faults: tuple[str, Any]) -> History:
    """Return a history in which faults begin and end, with these ends."""
    events: list[tuple[str, Any]] = []
    for name, effect in faults:
        events += [(f"start-{name}", None), (f"start-{name}", {"sentence": "x"})]
        events += [(f"stop-{name}", None), (f"stop-{name}", effect)]
    return History.from_events(
        Event(index=i, time=i, type="info", process=NEMESIS, f=f, value=value)
        for i, (f, value) in enumerate(events)
    )


def test_a_fault_that_changed_something_is_enough() -> None:
    """One effect in all makes a run a test; what had none is noted."""
    history = struck(
        ("partition", {"dropped": 0}),
        ("partition", {"dropped": 3}),
        ("kill", {"killed": 0}),
    )
    result = check_faults(history, demanded=("partition", "kill"))
    assert result.verdict is Verdict.VALID
    assert result.measures["faults"].value == 3
    assert result.measures["effective-faults"].value == 1
    (note,) = result.anomalies
    assert (note.name, note.fails) == ("ineffective-fault", False)
    assert note.sentence.startswith("Changed nothing, however often: kill (1).")
    effects = result.statistics["effects"]
    assert effects["partition"] == {"times": 2, "effective": 1, "dropped": 3}


def test_demanded_faults_without_effect_are_no_test() -> None:
    """Who asks for faults and gets none learns that the run says nothing."""
    for history in (struck(("partition", {"dropped": 0})), struck()):
        result = check_faults(history, demanded=("partition",))
        assert result.verdict is Verdict.UNKNOWN
        assert result.reason is Reason.VACUOUS


def test_faults_nobody_asked_for_may_be_without_effect() -> None:
    """The default of a workload can be pointless for a design."""
    result = check_faults(struck(("partition", {"dropped": 0})))
    assert result.verdict is Verdict.VALID
    assert [note.name for note in result.anomalies] == ["ineffective-fault"]


def test_a_fault_whose_end_is_missing_is_not_counted() -> None:
    """A history that was cut off does not tell what its last fault did."""
    events = [*struck(("kill", {"killed": 1})).nemesis()][:3]
    result = check_faults(History.from_events(events))
    assert result.measures["faults"].value == 0


def test_nodes_that_never_talk_are_right_under_faults_between_them() -> None:
    """There is nothing to cut: that is no luck."""
    history = struck(("partition", {"dropped": 0}))
    silent = Outcome(messages={"nodes": MessageCounts(sent=0)})
    result = check_faults(history, demanded=("partition",), outcome=silent)
    assert result.verdict is Verdict.VALID
    (note,) = result.anomalies
    assert note.sentence.startswith("Could change nothing: partition (1).")
    for demanded, sent in ((("partition", "kill"), 0), (("partition",), 1)):
        talking = Outcome(messages={"nodes": MessageCounts(sent=sent)})
        result = check_faults(history, demanded=demanded, outcome=talking)
        assert result.reason is Reason.VACUOUS
