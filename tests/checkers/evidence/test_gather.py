"""What the pass over a journal finds, message by message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from checkers.evidence import MismatchError, Path, Reply, _gather, gather
from harness.services import ERRORS
from histories import read_journal


if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from checkers.evidence import Evidence

    from .conftest import Wire


MS = 1_000_000


def evidence_of(wire: Wire, **more: Any) -> Evidence:
    options: dict[str, Any] = {
        "nodes": ("n0", "n1", "n2"),
        "services": ("seq-kv",),
        "updates": lambda f: f == "add",
        "contexts": False,
        **more,
    }
    return gather(wire.history(), wire.messages, **options)


def test_an_update_is_known_where_it_was_delivered(wire: Wire) -> None:
    """A node knows the update that it was asked for, another one does not."""
    add = wire.do(0, "add", "n0", 1)
    evidence = evidence_of(wire)
    assert list(evidence.learnt("n0")) == [0]
    assert list(evidence.learnt("n1")) == []
    assert evidence.path(add, "n0") == Path(2 * MS, None)
    assert not evidence.path(add, "n1")


def test_knowledge_goes_along_messages_in_their_order(wire: Wire) -> None:
    """What was sent before an update does not carry it, however late it arrives."""
    early = wire.send("n0", "n1")
    add = wire.do(0, "add", "n0", 1)
    wire.deliver(early)
    before = wire.do(1, "read", "n1")
    wire.tell("n0", "seq-kv")
    wire.tell("seq-kv", "n1")
    after = wire.do(1, "read", "n1")
    evidence = evidence_of(wire)
    assert (evidence.up(before), evidence.up(after)) == (0, 1)
    assert evidence.could_show(add, before) is False
    assert evidence.could_show(add, after) is True
    path = evidence.path(add, "n1")
    assert path is not None
    assert path.source == "seq-kv"


def test_a_dropped_message_carries_nothing_but_its_copy_does(wire: Wire) -> None:
    """A copy that was made counts, also if the first one was lost."""
    add = wire.do(0, "add", "n0", 1)
    lost, copied = wire.send("n0", "n1"), wire.send("n0", "n2")
    wire.duplicate(copied)
    wire.drop(copied)
    wire.drop(lost)
    wire.deliver(copied)
    evidence = evidence_of(wire)
    assert not evidence.path(add, "n1")
    assert evidence.path(add, "n2")


def test_a_roaming_client_carries_what_it_was_told_if_it_may(wire: Wire) -> None:
    """A request may depend on earlier replies, unless that is ruled out."""
    add = wire.do(0, "add", "n0", 1)
    wire.do(1, "read", "n0")
    wire.do(1, "read", "n1")
    assert evidence_of(wire, contexts=True).path(add, "n1")
    assert not evidence_of(wire, contexts=False).path(add, "n1")


def test_the_reply_that_the_client_took_is_the_one_that_counts(wire: Wire) -> None:
    """Of two replies the first to arrive is the answer, whoever sent it."""
    wire.do(0, "add", "n0", 1)
    read = wire.ask(1, "read", "n1")
    wire.deliver(read.id)
    slow, quick = wire.reply(read), wire.reply(read, src="n0")
    wire.deliver(quick)
    wire.end(read, "ok")
    wire.deliver(slow)
    evidence = evidence_of(wire)
    assert evidence.known(read.index) == ("n0", 1)
    assert evidence.up(read.index) == 1


def test_what_became_of_requests(wire: Wire) -> None:
    """Not delivered, delivered in silence, answered too late, and refused too late."""
    asked = [wire.ask(process, "add", "n0", 1) for process in range(5)]
    wire.drop(asked[0].id)
    for request in asked[1:]:
        wire.deliver(request.id)
    for request in asked:
        wire.give_up(request)
    wire.drop(wire.reply(asked[2]))
    wire.drop(wire.reply(asked[3], type="error", code=11))
    wire.drop(wire.reply(asked[4], type="error", code=13))
    evidence = evidence_of(wire)
    assert evidence.delivered(asked[0].index) is None
    assert evidence.delivered(asked[1].index) == 7 * MS
    replies = [evidence.reply(request.index) for request in asked]
    assert replies == [
        None,
        None,
        Reply(16 * MS, "n0", "ok"),
        Reply(18 * MS, "n0", "fail"),
        Reply(20 * MS, "n0", "info"),
    ]


@pytest.mark.parametrize(
    "says",
    [
        [{}, {"type": "error", "code": 11}],
        [{"type": "error", "code": 11}, {"type": "error", "code": 13}],
        [{"type": "read_ok"}],
        [{"type": "error"}],
        [{"type": "error", "code": True}],
        [{"type": "error", "code": 1_000}],
    ],
)
def test_replies_that_contradict_or_say_nothing_decide_nothing(
    wire: Wire, says: list[dict[str, Any]]
) -> None:
    """An ok and a definite error, and what is no reply to the request, leave it open."""
    add = wire.ask(0, "add", "n0", 1)
    wire.deliver(add.id)
    wire.give_up(add)
    for body in says:
        wire.drop(wire.reply(add, **body))
    reply = evidence_of(wire).reply(add.index)
    assert reply is not None
    assert reply.says == "info"


@pytest.mark.parametrize(
    "body", [{"in_reply_to": 7}, {"in_reply_to": True}, {"in_reply_to": None}]
)
def test_a_reply_to_something_else_is_none(wire: Wire, body: dict[str, Any]) -> None:
    """Only the number of the request makes a reply one to it."""
    add = wire.ask(0, "add", "n0", 1)
    wire.deliver(add.id)
    wire.give_up(add)
    wire.drop(wire.reply(add, **body))
    assert evidence_of(wire).reply(add.index) is None


def test_a_late_reply_is_told_from_that_to_the_next_request(wire: Wire) -> None:
    """A read that failed for its timeout does not get the answer of the next one."""
    first = wire.ask(0, "read", "n0")
    wire.deliver(first.id)
    wire.end(first, "fail")
    second = wire.ask(0, "read", "n0")
    wire.deliver(second.id)
    wire.deliver(wire.reply(first))
    wire.do(1, "add", "n0", 1)
    wire.deliver(wire.reply(second))
    wire.end(second, "ok")
    assert evidence_of(wire).up(second.index) == 1


def test_clients_that_set_up_are_no_processes(wire: Wire) -> None:
    """What sets nodes up carries nothing and is matched to nothing."""
    for node in ("n0", "n1"):
        wire.tell("c-setup0", node)
        wire.tell(node, "c-setup0")
    add = wire.do(0, "add", "n0", 1)
    wire.tell("n0", "c-setup0")
    wire.tell("c-setup0", "n1")
    assert not evidence_of(wire).path(add, "n1")


def test_whoever_is_unknown_is_a_node(wire: Wire) -> None:
    """An address that nobody declared passes knowledge on like any other."""
    add = wire.do(0, "add", "n0", 1)
    for _ in range(2):
        wire.tell("n0", "elsewhere")
        wire.tell("elsewhere", "n1")
    assert evidence_of(wire, nodes=()).path(add, "n1")


def test_a_journal_without_a_request_is_refused(wire: Wire) -> None:
    """An operation that was never asked for shows that the journal is not whole."""
    wire.do(0, "add", "n0", 1)
    wire.do(0, "add", "n0", 1)
    del wire.messages[4:]
    with pytest.raises(MismatchError, match="lacks the request of add 2"):
        evidence_of(wire)


def test_a_journal_of_another_run_is_refused(wire: Wire) -> None:
    """More requests than operations, or earlier ones, are those of another history."""
    wire.do(0, "add", "n0", 1)
    wire.do(0, "add", "n0", 1)
    events = wire.events
    wire.events = events[:2]
    with pytest.raises(MismatchError, match="c0 sent a request more"):
        evidence_of(wire)
    wire.events = [*events[:2], *events[2:]]
    wire.messages = wire.messages[:4] * 2
    with pytest.raises(MismatchError, match="c0 sent what should be add 2 before"):
        evidence_of(wire)


def test_too_much_to_know_is_said_and_the_rest_is_kept(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond a limit there is no knowledge, and still what became of requests."""
    add = wire.do(0, "add", "n0", 1)
    for limit in ("MOST_KNOWN", "MOST_WORK"):
        wire.tell("n0", "n1")
        with monkeypatch.context() as patch:
            patch.setattr(_gather, limit, 0)
            evidence = evidence_of(wire)
        assert not evidence.knows
        assert len(evidence.limits) == 1
        assert evidence.up(add) is None
        assert evidence.could_show(add, add) is None
        assert evidence.delivered(add) == 2 * MS
    assert evidence_of(wire).limits == ()


def test_a_saved_journal_says_the_same(wire: Wire, tmp_path: FilePath) -> None:
    """A journal is read from disk as it was recorded."""
    wire.do(0, "add", "n0", 1)
    wire.tell("n0", "n1")
    wire.save(tmp_path / "journal.bin")
    evidence = gather(
        wire.history(),
        read_journal(tmp_path / "journal.bin"),
        nodes=("n0", "n1"),
        updates=lambda f: f == "add",
    )
    assert list(evidence.learnt("n1")) == [0]
    assert evidence.counts == (3, 3, 0)


def test_definite_codes_are_those_of_the_protocol() -> None:
    """The table here says what that of the harness says."""
    definite = {code for code, kind in ERRORS.items() if kind.definite}
    assert definite == _gather.DEFINITE_CODES
