"""The journal in short says the same of a history as the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from checkers.evidence import (
    Evidence,
    Line,
    MismatchError,
    excerpt,
    gather,
    needed,
    recall,
    spare,
)


if TYPE_CHECKING:
    from histories import History

    from .conftest import Wire

MS = 1_000_000
NODES = ("n1", "n2", "n3")


def is_update(f: str) -> bool:
    return f == "add"


def conversation(wire: Wire) -> tuple[History, Evidence]:
    """Return a history, and what its journal says.

    n2 learns of adds from n1 and tells n3; a read is answered in between, one add never
    arrives, and one is answered when its client has given up.
    """
    wire.do(0, "add", "n1", 1)
    wire.do(1, "read", "n2", output=[])
    wire.tell("n1", "n2")
    wire.do(0, "add", "n1", 2)
    lost, late = wire.ask(2, "add", "n3", 3), wire.ask(3, "add", "n2", 4)
    wire.drop(lost.id)
    wire.give_up(lost)
    wire.deliver(late.id)
    wire.give_up(late)
    wire.deliver(wire.reply(late))
    wire.tell("n2", "n3")
    wire.do(1, "read", "n3", output=[1, 4])
    wire.tell("n1", "n3")
    wire.do(0, "read", "n1", output=[1, 2])
    history = wire.history()
    return history, gather(history, wire.messages, nodes=NODES, updates=is_update)


def said(evidence: Evidence, history: History) -> list[object]:
    """Return all that evidence says of each operation, and of each two of them."""
    indices = [operation.index for operation in history.operations()]
    answers: list[object] = [list(evidence.updates), list(evidence.indeterminate)]
    for index in indices:
        answers += (evidence.delivered(index), evidence.reply(index))
        known = evidence.known(index)
        answers += (known, evidence.up(index))
        if known is not None:
            answers += (evidence.path(update, known[0]) for update in evidence.updates)
        answers += (evidence.undisturbed(index, other) for other in indices)
    return answers


def test_the_same_evidence_is_made_of_an_excerpt(wire: Wire) -> None:
    """Fates, knowledge, paths and who was undisturbed are as the journal has them."""
    history, evidence = conversation(wire)
    again = recall(excerpt(evidence, history), history, is_update)
    assert said(again, history) == said(evidence, history)


def test_an_excerpt_is_the_same_in_whatever_order_nodes_are(wire: Wire) -> None:
    """What happens at one time is told by the names of nodes."""
    adds = [wire.ask(number, "add", f"n{number + 1}", number) for number in range(3)]
    for one in adds:
        wire.deliver(one.id)
        wire.now -= MS
    for one in adds:
        wire.end(one, "info")
    history = wire.history()
    evidence = gather(history, wire.messages, nodes=NODES, updates=is_update)
    lines = excerpt(evidence, history)
    assert evidence.logs is not None
    evidence.logs = dict(sorted(evidence.logs.items(), reverse=True))
    assert excerpt(evidence, history) == lines


def test_an_excerpt_survives_json(wire: Wire) -> None:
    """A line says only what there is to say."""
    lines = excerpt(*reversed(conversation(wire)))
    text = msgspec.json.encode(lines)
    assert msgspec.json.decode(text, type=tuple[Line, ...]) == lines
    assert b"null" not in text
    assert b'"learns":[0],"from":"n1"' in text


def test_a_part_of_a_history_needs_a_part_of_the_lines(wire: Wire) -> None:
    """What was known at the answers that are left stays as it was."""
    history, evidence = conversation(wire)
    lines = excerpt(evidence, history)
    reads = [one.index for one in history.operations() if one.f == "read"]
    kept = history.from_events(
        event
        for event in history.events()
        if not (event.process == 0 and event.index >= reads[-1])
    )
    left = needed(lines, kept, is_update)
    assert len(left) < len(lines)
    again = recall(left, kept, is_update)
    for operation in kept.operations():
        assert again.up(operation.index) == evidence.up(operation.index)
        assert again.delivered(operation.index) == evidence.delivered(operation.index)


def test_what_is_learnt_after_the_last_answer_is_not_needed(wire: Wire) -> None:
    """n3 hears of an add from n1 when it has answered all that it was asked."""
    history, evidence = conversation(wire)
    lines = needed(excerpt(evidence, history), history, is_update)
    assert [line.by for line in lines if line.node == "n3" and line.learns] == ["n2"]


def test_what_would_say_something_else_is_not_spare(wire: Wire) -> None:
    """Updates that arrive, and all that is said of what has no outcome, stay."""
    history, evidence = conversation(wire)
    lines = excerpt(evidence, history)
    positions = set(spare(lines, history, is_update))
    left = [line for at, line in enumerate(lines) if at not in positions]
    adds = [line.takes for line in left if line.takes is not None]
    assert adds == [one.index for one in history.operations() if one.input in (1, 2, 4)]
    late = next(one.index for one in history.operations() if one.input == 4)
    assert [line.answers for line in left if line.answers is not None] == [late]
    again = recall(left, history, is_update)
    for operation in history.operations():
        if operation.index != late:
            assert again.known(operation.index) is None


@pytest.mark.parametrize(
    "line",
    [
        Line(time=1, node="n1", takes=77),
        Line(time=1, node="n1", answers=77, says="ok"),
        Line(time=1, node="n1", learns=(2,), by="n2"),
    ],
)
def test_lines_of_another_history_are_refused(wire: Wire, line: Line) -> None:
    """An operation that is not there, and a read that is learnt."""
    history, _ = conversation(wire)
    with pytest.raises(MismatchError):
        recall([line], history, is_update)
