"""Which nodes lost their disks, as the nemesis records it."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace
from typing import Any

from checkers._disks import lost_disks
from harness.nemesis.kill import Kill
from histories import NEMESIS, Event, History


def test_a_kill_is_told_as_the_nemesis_tells_it() -> None:
    """When the node is killed, and when it is started: nothing is owed from before."""
    arena: Any = SimpleNamespace(nodes=("n1",), targets=("all",), disk="lost")
    plan = Kill(arena).draw(Random(1))
    told: list[tuple[str, Any]] = [
        ("start-kill", plan),
        ("stop-kill", {"killed": 1, "restarted": 1}),
        ("stop-kill", {"killed": 0, "restarted": 0}),
        ("start-kill", {"disk": {"n1": "kept"}}),
        ("start-partition", {"disk": {"n1": "lost"}}),
    ]
    events = [
        Event(index=at, time=at, type="info", process=NEMESIS, f=f, value=value)
        for at, (f, value) in enumerate(told)
    ]
    assert lost_disks(History.from_events(events)) == [(0, "n1"), (1, "n1")]
