"""Tests of `harness.agenda`."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.agenda import Agenda


@given(st.lists(st.integers(0, 20)))
def test_entries_run_by_time_and_then_in_the_order_of_entry(times: list[int]) -> None:
    """Equal times keep their order, so that equal inputs give equal runs."""
    agenda = Agenda()
    ran: list[tuple[int, int]] = []
    for position, time in enumerate(times):
        agenda.at(time, ran.append, (time, position))
    agenda.now = 100
    agenda.run_due()
    assert ran == sorted(ran)
    assert len(ran) == len(times)
    assert agenda.next_time() is None


def test_only_what_is_due_runs() -> None:
    """An entry runs at its time, not before, and one that it adds may run too."""
    agenda = Agenda()
    ran: list[str] = []
    agenda.at(5, lambda: (ran.append("first"), agenda.at(5, ran.append, "added")))
    agenda.at(6, ran.append, "later")
    agenda.now = 4
    agenda.run_due()
    assert ran == []
    agenda.now = 5
    agenda.run_due()
    assert ran == ["first", "added"]
    assert agenda.next_time() == 6
