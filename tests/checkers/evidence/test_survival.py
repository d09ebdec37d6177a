"""What is lost with disks: gone for certain, in doubt, or passed on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from checkers import (
    Reason,
    Result,
    Verdict,
    check_cart,
    check_counter,
    check_or_set,
    check_sequence,
    check_set,
    check_siblings,
)
from checkers.evidence import (
    Evidence,
    Marks,
    _survival,
    gather,
    notes_of_disks,
    refine,
)
from histories import NEMESIS, MessageKind


if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Wire

NODES = ("n1", "n2", "n3")
WRITES = {"add", "remove", "insert", "delete", "write"}


def kill(wire: Wire, *nodes: str, disk: str = "lost", restarted: bool = True) -> None:
    """Kill nodes, and start them again, as the harness does."""
    plan = {"nodes": list(nodes), "disk": dict.fromkeys(nodes, disk)}
    for value in (plan, {**plan, "sentence": "as it was drawn"}):
        wire.wait()
        wire.event("info", NEMESIS, "start-kill", value=value)
    if restarted:
        wire.wait()
        wire.event("info", NEMESIS, "stop-kill")
        for node in nodes:
            wire.deliver(wire.send("c-setup", node, type="init"))
        wire.wait()
        wire.event("info", NEMESIS, "stop-kill", value={"restarted": len(nodes)})


def evidence_of(wire: Wire) -> Evidence:
    return gather(
        wire.history(),
        wire.messages,
        nodes=NODES,
        updates=WRITES.__contains__,
        contexts=False,
    )


def finals(wire: Wire, f: str, value: Any, output: Any) -> None:
    """Read every node for good."""
    for number, node in enumerate(NODES):
        wire.do(90 + number, f, node, value, output, final=True)


def test_what_no_message_could_pass_on_is_gone(wire: Wire) -> None:
    """It was acknowledged, and nothing that was sent since has arrived."""
    wire.tell("n1", "n2")
    lost = wire.do(0, "add", "n1", 1)
    wire.drop(wire.send("n1", "n2"))
    on_its_way = wire.send("n1", "n3")
    kill(wire, "n1")
    wire.do(1, "add", "n1", 2)
    found = evidence_of(wire)
    assert found.gone == {lost: "n1"}
    assert not found.in_doubt
    wire.deliver(on_its_way)
    found = evidence_of(wire)
    assert not found.gone
    assert found.in_doubt == {lost: "n1"}


def test_a_disk_that_is_kept_loses_nothing(wire: Wire) -> None:
    """Nor is a node dead for good with what was acknowledged after its start."""
    wire.do(0, "add", "n1", 1)
    kill(wire, "n1", disk="kept")
    found = evidence_of(wire)
    assert not found.gone
    assert not found.in_doubt


def test_who_is_never_started_again_has_lost_it_too(wire: Wire) -> None:
    """The disk is gone, whether somebody has looked or not."""
    lost = wire.do(0, "add", "n1", 1)
    kill(wire, "n1", restarted=False)
    assert evidence_of(wire).gone == {lost: "n1"}


def test_the_last_who_could_know_may_be_another_node(wire: Wire) -> None:
    """What was passed on is gone once nobody is left; a service never dies."""
    first = wire.do(0, "add", "n1", 1)
    wire.tell("n1", "n2")
    kill(wire, "n1")
    assert evidence_of(wire).in_doubt == {first: "n1"}
    kill(wire, "n2")
    assert evidence_of(wire).gone == {first: "n1"}


def test_a_node_that_hears_of_it_again_has_it(wire: Wire) -> None:
    """From a peer that was told before, and that loses its own disk later."""
    wire.do(0, "add", "n1", 1)
    wire.tell("n1", "n2")
    kill(wire, "n1")
    wire.tell("n2", "n1")
    kill(wire, "n2")
    assert not evidence_of(wire).gone


def test_a_copy_that_comes_late_passes_it_on(wire: Wire) -> None:
    """The message was lost, and its copy was not."""
    first = wire.do(0, "add", "n1", 1)
    message = wire.send("n1", "n2")
    wire.duplicate(message)
    wire.drop(message)
    kill(wire, "n1")
    assert evidence_of(wire).gone == {first: "n1"}
    wire.deliver(message)
    assert not evidence_of(wire).gone


def test_what_is_gone_counts_as_indeterminate(wire: Wire) -> None:
    """In the refined history, with a note; an operation that gave up stays as it is."""
    lost = wire.do(0, "add", "n1", 1)
    request = wire.ask(1, "add", "n1", 2)
    wire.deliver(request.id)
    wire.give_up(request)
    doubtful = wire.do(2, "add", "n2", 3)
    wire.tell("n2", "n3")
    kill(wire, "n1", "n2")
    blind = Marks(update=lambda _: None, read=lambda _: ())
    refined = refine(wire.history(), evidence_of(wire), marks=blind)
    assert refined.gone == {lost: "n1", doubtful: "n2"}
    statuses = [one.status for one in refined.history.operations()]
    assert statuses == ["info", "info", "info"]
    assert refined.notes[-2:] == (
        "1 acknowledged update is gone with the disk of n1: no read owes it.",
        (
            "1 acknowledged update was made on nodes before they lost the disk of n2, "
            "and may have been passed on by then."
        ),
    )
    refined = refine(wire.history(), evidence_of(wire), passed_on=True)
    assert refined.gone == {lost: "n1"}
    refined = refine(wire.history(), evidence_of(wire))
    assert not refined.gone
    assert len(refined.notes) == 3


def test_many_losses_are_told_in_the_plural() -> None:
    """With all disks."""
    several = {0: "n1", 2: "n2", 4: "n2"}
    assert notes_of_disks(several, several) == [
        "3 acknowledged updates are gone with the disks of n1 and n2: no read owes them.",
        (
            "3 acknowledged updates were made on nodes before they lost the disks of n1 "
            "and n2, and may have been passed on by then."
        ),
    ]


def spoil(
    wire: Wire, f: str, first: Any, second: Any, read: str, asked: Any, shows: Any
) -> None:
    """Let n1 take an update and show it, and lose both; n2 takes another and keeps it.

    Args:
        wire: The wire.
        f: The function of the updates.
        first: The value that is lost.
        second: The value that stays.
        read: The function that reads.
        asked: The value of a read.
        shows: Returns what a read returns that shows some of the values.
    """
    wire.do(0, f, "n1", first)
    wire.do(1, f, "n2", second)
    wire.do(0, read, "n1", asked, shows(first))
    kill(wire, "n1")
    for node in NODES:
        for other in NODES:
            wire.tell(node, other)
    finals(wire, read, asked, shows(second))


CHECKS: dict[str, tuple[Callable[..., Result], tuple[Any, ...], set[str]]] = {
    "counter": (
        lambda *a, **k: check_counter(*a, grow_only=True, **k),
        ("add", 2, 1, "read", None, lambda *one: sum(one)),
        {"lost-update", "regress"},
    ),
    "set": (
        check_set,
        ("add", 1, 2, "read", None, lambda *one: list(one)),
        {"lost-element", "regress"},
    ),
    "or-set": (
        check_or_set,
        ("add", 1, 2, "read", None, lambda *one: list(one)),
        {"lost-add"},
    ),
    "cart": (
        check_cart,
        (
            "add",
            {"item": "a", "qty": 1},
            {"item": "a", "qty": 4},
            "view",
            None,
            lambda *one: {"items": [{"item": "a", "qty": sum(x["qty"] for x in one)}]},
        ),
        {"lost-quantity"},
    ),
    "text": (
        check_sequence,
        (
            "insert",
            {"position": 0, "char": "a"},
            {"position": 0, "char": "b"},
            "read",
            None,
            lambda *one: {"text": "".join(x["char"] for x in one)},
        ),
        {"lost-character"},
    ),
    "register": (
        check_siblings,
        (
            "write",
            {"key": "k", "value": 1, "context": {}, "seen": []},
            {"key": "k", "value": 2, "context": {}, "seen": []},
            "read",
            {"key": "k"},
            lambda *one: {
                "key": "k",
                "values": [{"value": x["value"], "vc": {}} for x in one],
            },
        ),
        {"lost-write"},
    ),
}


@pytest.mark.parametrize("name", CHECKS)
def test_what_is_gone_is_not_owed(wire: Wire, name: str) -> None:
    """By the same history without a journal the node is accused."""
    check, story, anomalies = CHECKS[name]
    spoil(wire, *story)
    history = wire.history()
    evidence = evidence_of(wire)
    assert len(evidence.gone) == 1
    result = check(history, nodes=NODES, evidence=evidence)
    assert result.verdict is not Verdict.INVALID, result.summary
    blind = check(history, nodes=NODES)
    found = {one.name for one in blind.anomalies if one.fails}
    assert found & anomalies
    assert any("there is no journal" in one for one in blind.assumes)


@pytest.mark.parametrize("name", CHECKS)
def test_what_another_node_was_seen_to_have_is_owed(wire: Wire, name: str) -> None:
    """A read of a node that keeps its disk shows that the update was passed on."""
    check, story, _ = CHECKS[name]
    f, first, second, read, asked, shows = story
    wire.do(0, f, "n1", first)
    wire.do(1, f, "n2", second)
    wire.tell("n1", "n2")
    wire.do(1, read, "n2", asked, shows(first, second))
    kill(wire, "n1")
    for node in NODES:
        for other in NODES:
            wire.tell(node, other)
    finals(wire, read, asked, shows(second))
    evidence = evidence_of(wire)
    assert len(evidence.in_doubt) == 1
    result = check(wire.history(), nodes=NODES, evidence=evidence)
    assert result.verdict is Verdict.INVALID, result.summary


def test_a_sum_is_owed_unless_its_adds_are_gone(wire: Wire) -> None:
    """Sums do not tell what was seen: a message that came is taken to carry it."""
    wire.do(0, "add", "n1", 2)
    wire.do(1, "add", "n2", 1)
    wire.tell("n1", "n2")
    kill(wire, "n1")
    finals(wire, "read", None, 1)
    result = check_counter(wire.history(), nodes=NODES, evidence=evidence_of(wire))
    assert result.verdict is Verdict.INVALID
    assert any("with any message" in one for one in result.assumes)


def test_who_starts_anew_may_still_lose_what_comes_after(wire: Wire) -> None:
    """What a node acknowledges in its second life is owed as ever."""
    wire.do(0, "add", "n1", 1)
    kill(wire, "n1")
    wire.do(0, "add", "n1", 2)
    wire.do(1, "add", "n2", 3)
    wire.tell("n2", "n1")
    wire.tell("n2", "n3")
    finals(wire, "read", None, [3])
    result = check_set(wire.history(), nodes=NODES, evidence=evidence_of(wire))
    assert [one.data.get("element") for one in result.anomalies if one.fails] == ["2"]


def test_everything_gone_is_no_pass(wire: Wire) -> None:
    """Nothing is owed, so that nothing was tested."""
    wire.do(0, "add", "n1", 1)
    kill(wire, "n1")
    finals(wire, "read", None, [])
    result = check_set(wire.history(), nodes=NODES, evidence=evidence_of(wire))
    assert result.reason is Reason.VACUOUS


def test_a_context_of_a_write_that_is_gone_is_known(wire: Wire) -> None:
    """A client may say later that it saw what nobody has any more."""
    first = wire.do(0, "write", "n1", {"key": "k", "value": 1, "context": {}})
    kill(wire, "n1")
    done = wire.history().operation(first).end
    again = {"key": "k", "value": 2, "context": {"c0": 1}, "seen": [done]}
    wire.do(1, "write", "n2", again)
    shows = {"key": "k", "values": [{"value": 2, "vc": {"c0": 2}}]}
    for node in NODES:
        wire.tell("n2", node)
    finals(wire, "read", {"key": "k"}, shows)
    result = check_siblings(wire.history(), nodes=NODES, evidence=evidence_of(wire))
    assert result.reason is not Reason.MALFORMED
    assert result.verdict is not Verdict.INVALID, result.summary


def test_messages_of_unknown_origin_pass_nothing_on(wire: Wire) -> None:
    """Only what was sent by a node that could know."""
    first = wire.do(0, "add", "n1", 1)
    wire.put(MessageKind.DELIVER, 10_000, "n1", "n2", None)
    kill(wire, "n1")
    assert evidence_of(wire).gone == {first: "n1"}


def test_messages_that_take_very_long_pass_nothing_on(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not kept for ever what a message carries."""
    monkeypatch.setattr(_survival, "_MOST_REMEMBERED", 1)
    first = wire.do(0, "add", "n1", 1)
    slow, quick = wire.send("n1", "n2"), wire.send("n1", "n3")
    wire.deliver(quick)
    assert not evidence_of(wire).gone
    wire.send("n1", "n2")
    wire.deliver(slow)
    kill(wire, "n1", "n3")
    assert evidence_of(wire).gone == {first: "n1"}
