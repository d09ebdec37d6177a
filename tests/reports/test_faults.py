"""Which faults were in force when."""

from __future__ import annotations

from typing import Any

from histories import NEMESIS, Event
from reports._faults import faults


def nemesis(*told: tuple[int, str, Any]) -> list[Event]:
    """Return events of the nemesis by time, function and value."""
    return [
        Event(index=at, time=time, type="info", process=NEMESIS, f=f, value=value)
        for at, (time, f, value) in enumerate(told)
    ]


def test_a_fault_lasts_from_its_request_to_its_repair() -> None:
    """The band covers all the time in which the fault may have been in force."""
    (fault,) = faults(
        nemesis(
            (10, "start-partition", {"shape": "one"}),
            (12, "start-partition", {"shape": "one", "sentence": "n0 is alone."}),
            (30, "stop-partition", None),
            (33, "stop-partition", {"dropped": 4}),
        ),
        end=50,
    )
    assert (fault.name, fault.start, fault.end) == ("partition", 10, 33)
    assert fault.sentence == "n0 is alone."
    assert fault.details["dropped"] == 4
    assert fault.ended


def test_a_fault_without_repair_lasts_to_the_end() -> None:
    """A run that ended in the middle of a fault says that it never ended."""
    (fault,) = faults(
        nemesis((10, "start-kill", "n1"), (11, "start-kill", "n1")), end=50
    )
    assert (fault.end, fault.ended, fault.sentence) == (50, False, "n1")


def test_a_fault_begun_again_is_another_fault() -> None:
    """One partition after the other, without repair, gives two bands that touch."""
    first, second = faults(
        nemesis(
            (10, "start-partition", None),
            (11, "start-partition", {"sentence": "one"}),
            (20, "start-partition", None),
            (21, "start-partition", {"sentence": "two"}),
            (30, "stop-partition", None),
            (31, "stop-partition", None),
        ),
        end=50,
    )
    assert (first.sentence, first.end) == ("one", 20)
    assert (second.sentence, second.start, second.end) == ("two", 20, 31)


def test_different_faults_overlap() -> None:
    """Faults of different names are independent."""
    found = faults(
        nemesis(
            (10, "start-partition", None),
            (11, "start-partition", None),
            (12, "start-pause", None),
            (13, "start-pause", None),
            (20, "stop-partition", None),
            (21, "stop-partition", None),
            (30, "stop-pause", None),
            (31, "stop-pause", None),
        ),
        end=50,
    )
    assert [(each.name, each.end) for each in found] == [
        ("partition", 21),
        ("pause", 31),
    ]


def test_other_events_are_no_faults() -> None:
    """What neither starts nor stops anything, or stops what never began, is skipped."""
    assert (
        faults(nemesis((1, "hello", 1), (2, "stop-x", 1), (3, "stop-x", 1)), end=9)
        == ()
    )
