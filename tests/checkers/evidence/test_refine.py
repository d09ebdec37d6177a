"""Indeterminate operations, and what the journal makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers.evidence import gather, refine


if TYPE_CHECKING:
    from checkers.evidence import Refined

    from .conftest import Request, Wire


def refined(wire: Wire) -> Refined:
    history = wire.history()
    evidence = gather(
        history, wire.messages, nodes=("n0", "n1"), updates=lambda f: f == "add"
    )
    return refine(history, evidence)


def lost(wire: Wire, process: int) -> Request:
    """Let an add get lost on its way."""
    add = wire.ask(process, "add", "n0", 1)
    wire.drop(add.id)
    return add


def late(wire: Wire, process: int, **body: Any) -> Request:
    """Let an add be answered when its client has given up."""
    add = wire.ask(process, "add", "n0", 1)
    wire.deliver(add.id)
    wire.give_up(add)
    wire.drop(wire.reply(add, **body))
    return add


def test_a_history_without_indeterminate_operations_stays(wire: Wire) -> None:
    """There is nothing to refine, and nothing to say."""
    wire.do(0, "add", "n0", 1)
    found = refined(wire)
    assert found.history.digest() == wire.history().digest()
    assert found.notes == ()


def test_what_never_reached_a_node_has_failed(wire: Wire) -> None:
    """The info becomes a fail in its place; all other events stay as they are."""
    add = lost(wire, 0)
    wire.do(1, "add", "n1", 1)
    wire.give_up(add)
    found = refined(wire)
    assert [event.type for event in found.history.events()] == [
        "invoke",
        "invoke",
        "ok",
        "fail",
    ]
    assert found.history.operation(add.index).status == "fail"
    assert found.failed == {add.index: "which never reached a node"}
    assert found.notes == ("1 indeterminate add: 1 never reached a node.",)


def test_what_never_completed_and_never_arrived_has_failed(wire: Wire) -> None:
    """A run that was ended early leaves requests without any completion."""
    first, second = lost(wire, 0), lost(wire, 1)
    operations = list(refined(wire).history.operations())
    assert [operation.status for operation in operations] == ["fail", "fail"]
    assert [operation.index for operation in operations] == [first.index, second.index]


def test_what_was_answered_ok_happened_and_stays_open_ended(wire: Wire) -> None:
    """It has no end, and counts from the next completion of an update on."""
    add = late(wire, 0)
    wire.do(2, "read", "n0")
    assert refined(wire).counted == {}
    wire.do(1, "add", "n1", 1)
    found = refined(wire)
    assert found.happened == {add.index}
    assert found.history.operation(add.index).end is None
    assert found.counted == {add.index: (5, wire.now)}
    assert found.notes == (
        "1 indeterminate add: 1 was answered ok after the client had given up.",
    )


def test_what_was_answered_ok_counts_from_the_next_healing_on(wire: Wire) -> None:
    """The recovery begins when the last fault is healed."""
    add = late(wire, 0)
    wire.wait()
    wire.event("info", "nemesis", "start-partition")
    healed = wire.event("info", "nemesis", "stop-partition")
    assert refined(wire).counted == {add.index: (healed, wire.now)}


def test_a_definite_error_that_came_late_is_a_failure(wire: Wire) -> None:
    """The node has said that there is no effect."""
    add = late(wire, 0, type="error", code=11)
    found = refined(wire)
    assert found.history.operation(add.index).status == "fail"
    assert not found.happened


def test_the_note_counts_what_became_of_each(wire: Wire) -> None:
    """All fates of one function stand in one sentence, with their verbs in number."""
    for process in range(2):
        wire.give_up(lost(wire, process))
    for process in range(2, 4):
        late(wire, process)
    late(wire, 4, type="error", code=11)
    late(wire, 5, type="error", code=13)
    for process in range(6, 9):
        add = wire.ask(process, "add", "n0", 1)
        wire.deliver(add.id)
        wire.give_up(add)
    (note,) = refined(wire).notes
    assert note == (
        "9 indeterminate adds: 2 never reached a node, 2 were answered ok after the "
        "client had given up, 1 was answered with a definite error after the client "
        "had given up, 1 was answered with nothing that decides it, 3 reached a node "
        "that never answered."
    )
