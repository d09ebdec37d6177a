"""A history answers for its events and operations."""

from __future__ import annotations

import doctest
import pickle

import pytest

import histories._history
from histories import NEMESIS, Event, History, Operation, PairingError


def event(index: int, type_: str, process: int | str = 0, **fields: object) -> Event:
    fields = {"time": index * 10, "f": "read"} | fields
    return Event(index=index, type=type_, process=process, **fields)  # type: ignore[arg-type]  # shorthand


def only_operation(*events: Event) -> Operation:
    (operation,) = History.from_events(events).operations()
    return operation


def test_the_example_in_the_documentation_holds() -> None:
    """The doctest of `History` passes."""
    assert doctest.testmod(histories._history).failed == 0


def test_ok_gives_output_and_end() -> None:
    """An `ok` completion gives output, end and the time of the end."""
    operation = only_operation(
        event(3, "invoke", f="add", value=1, node="n1"),
        event(5, "ok", f="add", value=[2]),
    )
    assert operation == Operation(
        index=3,
        process=0,
        node="n1",
        f="add",
        input=1,
        output=[2],
        status="ok",
        start=3,
        end=5,
        start_time=30,
        end_time=50,
    )


def test_fail_ends_without_output() -> None:
    """A `fail` completion ends the operation; its value is no output."""
    operation = only_operation(
        event(0, "invoke", value=1), event(1, "fail", value=1, error=["abort", 14])
    )
    assert (operation.status, operation.end, operation.output) == ("fail", 1, None)
    assert operation.error == ["abort", 14]


def test_info_has_a_time_but_no_end() -> None:
    """An `info` completion leaves the operation open, though its time is known."""
    operation = only_operation(event(0, "invoke"), event(1, "info", error="timeout"))
    assert (operation.status, operation.end, operation.end_time) == ("info", None, 10)
    assert operation.error == "timeout"


def test_dangling_invocation_is_info() -> None:
    """An invocation that never completes is `info`, and no time of end is known."""
    operation = only_operation(event(0, "invoke"))
    assert (operation.status, operation.end, operation.end_time) == ("info", None, None)


@pytest.mark.parametrize("final", [0, 1])
def test_final_and_node_may_stand_on_either_event(final: int) -> None:
    """An operation is final, and has a node, if one of its events says so."""
    marked: dict[str, object] = {"final": True, "node": "n2"}
    operation = only_operation(
        event(0, "invoke", **(marked if final == 0 else {})),
        event(1, "ok", **(marked if final == 1 else {})),
    )
    assert (operation.final, operation.node) == (True, "n2")


def test_operations_come_in_order_of_invocation() -> None:
    """Operations are in the order in which they began, not ended."""
    history = History.from_events(
        [
            event(0, "invoke", 1),
            event(1, "invoke", 2),
            event(2, "ok", 2),
            event(3, "ok", 1),
        ]
    )
    assert [operation.process for operation in history.operations()] == [1, 2]


def test_operation_is_found_by_the_index_of_its_invocation() -> None:
    """`operation` takes indices, which need not be dense."""
    history = History.from_events([event(10, "invoke", value=7), event(20, "ok")])
    assert history.operation(10).input == 7


@pytest.mark.parametrize("index", [-1, 0, 11, 15, 20, 30])
def test_no_operation_at_other_indices(index: int) -> None:
    """`operation` raises KeyError for completions, nemesis events and gaps."""
    history = History.from_events(
        [
            event(10, "invoke"),
            event(15, "invoke", NEMESIS),
            event(20, "ok"),
        ]
    )
    with pytest.raises(KeyError):
        history.operation(index)


def test_nemesis_events_are_apart_from_operations() -> None:
    """Processes that are no numbers are in `nemesis` and `events` only."""
    fault = event(1, "info", NEMESIS, f="start-partition", value={"n1": ["n2"]})
    history = History.from_events([event(0, "invoke"), fault, event(2, "ok")])
    assert history.nemesis() == (fault,)
    assert len(list(history.operations())) == 1
    assert len(history) == len(list(history.events())) == 3


def test_order_comes_from_the_index() -> None:
    """Events given in any order, with any times, are ordered by index."""
    events = [
        event(0, "invoke", value="a", time=50, node="n1", extra={"k": 1}),
        event(4, "ok", value="b", time=40, error="e", final=True),
        event(7, "invoke", NEMESIS, time=10),
        event(9, "invoke", f="add", time=-1),
    ]
    history = History.from_events([events[i] for i in (3, 1, 0, 2)])
    assert list(history.events()) == events


def test_duplicate_index_is_an_error() -> None:
    """Two events with one index are rejected."""
    with pytest.raises(PairingError, match="a second event with index 4"):
        History.from_events([event(4, "invoke"), event(4, "ok")])


def test_negative_process_is_an_error() -> None:
    """A process is numbered from 0 on: -1 is neither a client nor a nemesis."""
    with pytest.raises(PairingError, match="process -1"):
        History.from_events([event(0, "invoke", -1)])


def test_digest_tells_histories_apart() -> None:
    """Equal events have an equal digest; 1, 1.0, True and "1" are all different."""
    values: list[object] = [1, 1.0, True, "1"]
    digests = {
        History.from_events([event(0, "invoke", value=value)]).digest()
        for value in [*values, *values]
    }
    assert len(digests) == 4


def test_histories_travel_between_processes() -> None:
    """A history can be sent to the workers of a pool."""
    history = History.from_events([event(0, "invoke", value=[1]), event(1, "ok")])
    assert pickle.loads(pickle.dumps(history)).digest() == history.digest()


def test_nothing_is_a_history() -> None:
    """A history without events has no operations."""
    history = History.from_events([])
    assert len(history) == 0
    assert list(history.operations()) == []
    assert history.nemesis() == ()
