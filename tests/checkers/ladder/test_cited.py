"""The operations of anomalies, as data for drawings."""

from __future__ import annotations

from checkers import Anomaly
from checkers.ladder._cited import with_operations
from histories import Event, History


def history() -> History:
    """Return a write, a read of it, an open write and a read of nothing."""
    return History.from_events(
        [
            Event(index=0, time=5, type="invoke", process=0, f="write", value=1),
            Event(index=1, time=6, type="invoke", process=1, f="write", value=2),
            Event(index=2, time=7, type="ok", process=0, f="write", value=1),
            Event(index=3, time=8, type="invoke", process=0, f="read", node="n0"),
            Event(index=4, time=9, type="ok", process=0, f="read", value=1),
            Event(index=5, time=10, type="invoke", process=0, f="read"),
            Event(index=6, time=11, type="ok", process=0, f="read"),
        ]
    )


def test_what_operations_did_is_told() -> None:
    """A write is told by its input, a read by its result, be it null."""
    anomaly = Anomaly(name="x", sentence="x", operations=(0, 1, 3, 5))
    told = with_operations(history(), anomaly).data["operations"]
    assert [each["does"] for each in told] == [
        "write 1",
        "write 2",
        "read → 1",
        "read → null",
    ]
    assert [each["returned"] for each in told] == [2, None, 4, 6]
    assert told[2] == {
        "operation": 3,
        "process": 0,
        "node": "n0",
        "does": "read → 1",
        "call-ns": 8,
        "return-ns": 9,
        "returned": 4,
    }


def test_what_is_known_of_operations_stays() -> None:
    """Operations that a model has described keep that description."""
    known = {"operation": 0, "does": "a latch is set"}
    anomaly = Anomaly(
        name="x", sentence="x", operations=(0,), data={"operations": [known], "key": 1}
    )
    data = with_operations(history(), anomaly).data
    assert data == {"operations": [{**known, "returned": 2}], "key": 1}
