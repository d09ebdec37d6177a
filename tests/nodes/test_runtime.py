from __future__ import annotations

from random import Random
from typing import Any

import pytest

from nodes._disk import MemoryDisk
from nodes.errors import PRECONDITION_FAILED
from nodes.runtime import (
    Body,
    Message,
    Node,
    RpcError,
    RpcTimeout,
    every,
    handler,
    require,
)


SECOND = 1_000_000_000


class Sample(Node):
    """Has a handler for each thing that a program may do."""

    def start(self) -> None:
        self.ticks: list[int] = []
        self.lock = self.mutex()
        self.log: list[str] = []

    @handler("plain")
    def plain(self, message: Message) -> Body:
        return {"type": "plain_ok", "from": message["src"]}

    @handler("quiet")
    def quiet(self, _: Message) -> None:
        self.log.append("quiet")

    @handler("ask")
    async def ask(self, message: Message) -> Body:
        answer = await self.rpc("svc", {"type": "get"}, message["body"]["timeout"])
        return {"type": "ask_ok", "value": answer["value"]}

    @handler("ask_two")
    async def ask_two(self, _: Message) -> Body:
        first = self.rpc("svc", {"type": "get", "n": 1})
        second = self.rpc("svc", {"type": "get", "n": 2})
        return {
            "type": "ask_two_ok",
            "values": [(await first)["value"], (await second)["value"]],
        }

    @handler("patient")
    async def patient(self, _: Message) -> Body:
        try:
            await self.rpc("svc", {"type": "get"})
        except RpcTimeout:
            return {"type": "patient_ok", "value": "nobody knows"}
        except RpcError as error:
            return {"type": "patient_ok", "value": error.text}
        return {"type": "patient_ok"}

    @handler("nap")
    async def nap(self, message: Message) -> Body:
        await self.sleep(message["body"]["seconds"])
        return {"type": "nap_ok"}

    @handler("silent_nap")
    async def silent_nap(self, _: Message) -> None:
        await self.sleep(1)

    @handler("take_turns")
    async def take_turns(self, message: Message) -> Body:
        async with self.lock:
            self.log.append(f"{message['src']} in")
            await self.sleep(message["body"]["seconds"])
            if message["body"].get("fail"):
                raise RpcError(PRECONDITION_FAILED, "as told")
            self.log.append(f"{message['src']} out")
        return {"type": "take_turns_ok"}

    @handler("delta")
    def delta(self, message: Message) -> Body:
        return {"type": "delta_ok", "delta": require(message["body"], "delta", int)}

    @handler("refuse")
    def refuse(self, _: Message) -> Body:
        raise RpcError(1001, "not today")

    @handler("crash")
    def crash(self, _: Message) -> Body:
        raise LookupError("a bug")

    @handler("crash_later")
    async def crash_later(self, _: Message) -> Body:
        await self.sleep(0)
        raise LookupError("a later bug")

    @handler("spin")
    async def spin(self, _: Message) -> None:
        while True:
            self.log.append("spin")
            await self.sleep(0)

    @every(0.5)
    def tick(self) -> None:
        self.ticks.append(self.now_ns)
        if len(self.ticks) == 2:
            raise LookupError("a bad round")


def make(**options: Any) -> Sample:
    """Return an initialised node."""
    node = Sample(**options)
    names = ["n1", "n2", "n3"]
    tell(node, "init", node_id="n1", node_ids=names)
    assert bodies(node) == [{"type": "init_ok", "in_reply_to": 1, "msg_id": 0}]
    return node


def tell(node: Node, message_type: str, src: str = "c1", **fields: Any) -> None:
    """Let the node receive a message."""
    body = {"type": message_type, "msg_id": 1, **fields}
    node.receive({"id": 7, "src": src, "dest": "n1", "body": body})


def bodies(node: Node) -> list[Body]:
    """Return the bodies of what the node has to say."""
    return [message["body"] for message in node.take_outbox()]


def answer(node: Node, request: Message, **fields: Any) -> None:
    """Answer a request of the node."""
    body = {"in_reply_to": request["body"]["msg_id"], **fields}
    node.receive({"src": request["dest"], "dest": "n1", "body": body})


def test_init_tells_the_names() -> None:
    """After init a node knows itself and its peers."""
    node = make()
    assert (node.node_id, node.peers) == ("n1", ["n2", "n3"])
    assert node.node_ids == ["n1", "n2", "n3"]


def test_init_can_be_repeated_but_not_changed() -> None:
    """A second init is confirmed if it says the same, and refused otherwise."""
    node = make()
    node.log.append("kept")
    tell(node, "init", node_id="n1", node_ids=["n1"])
    tell(node, "init", node_id="n2", node_ids=["n2"])
    assert [body["type"] for body in bodies(node)] == ["init_ok", "error"]
    assert node.log == ["kept"]


def test_init_without_names_is_malformed() -> None:
    """An init that names nobody is answered with error 12, not with a crash."""
    node = Sample()
    tell(node, "init")
    assert [body["code"] for body in bodies(node)] == [12]


def test_messages_before_init_wait_for_it() -> None:
    """A peer that was initialised earlier may already talk; nothing is lost."""
    node = Sample()
    tell(node, "plain", "n2")
    assert bodies(node) == []
    tell(node, "init", node_id="n1", node_ids=["n1", "n2"])
    assert [body["type"] for body in bodies(node)] == ["init_ok", "plain_ok"]


def test_replies_are_numbered_from_zero() -> None:
    """Replies carry the number of the request and own numbers 0, 1, 2."""
    node = make()
    for _ in range(2):
        tell(node, "plain")
    assert node.take_outbox() == [
        {
            "src": "n1",
            "dest": "c1",
            "body": {"type": "plain_ok", "from": "c1", "in_reply_to": 1, "msg_id": n},
        }
        for n in (1, 2)
    ]


def test_no_reply_where_none_is_asked_for() -> None:
    """A handler that returns None says nothing, nor is a message without id answered."""
    node = make()
    tell(node, "quiet")
    tell(node, "plain", msg_id=None)
    tell(node, "no such type", msg_id=None)
    assert bodies(node) == []


@pytest.mark.parametrize("message_type", ["no such type", 7, ["list"], None])
def test_unknown_types_are_not_supported(message_type: Any) -> None:
    """A type without handler is answered with error 10, whatever it is."""
    node = make()
    tell(node, message_type)
    (body,) = bodies(node)
    assert body["code"] == 10
    assert "Sample has no handler" in body["text"]


def test_rpc_numbers_do_not_touch_those_of_replies() -> None:
    """Own requests are numbered from 1,000,000, so replies keep theirs."""
    node = make()
    tell(node, "ask", timeout=1)
    (request,) = node.take_outbox()
    assert request["dest"] == "svc"
    assert request["body"] == {"type": "get", "msg_id": 1_000_000}
    answer(node, request, type="get_ok", value=5)
    assert bodies(node) == [
        {"type": "ask_ok", "value": 5, "in_reply_to": 1, "msg_id": 1}
    ]


def test_requests_can_be_made_together() -> None:
    """Both requests leave before the first answer; answers may come in any order."""
    node = make()
    tell(node, "ask_two")
    first, second = node.take_outbox()
    answer(node, second, type="get_ok", value=2)
    assert bodies(node) == []
    answer(node, first, type="get_ok", value=1)
    assert bodies(node)[0]["values"] == [1, 2]


def test_other_requests_are_served_meanwhile() -> None:
    """A handler that waits holds up nobody."""
    node = make()
    tell(node, "ask", timeout=1)
    node.take_outbox()
    tell(node, "plain")
    assert [body["type"] for body in bodies(node)] == ["plain_ok"]


def test_an_error_reply_is_raised_in_the_handler() -> None:
    """The handler may catch it; left alone it becomes the reply to the client."""
    node = make()
    tell(node, "patient")
    tell(node, "ask", timeout=1)
    for request in node.take_outbox():
        answer(node, request, type="error", code=20, text="no such key")
    caught, passed_on = bodies(node)
    assert caught["value"] == "no such key"
    assert (passed_on["code"], passed_on["text"]) == (20, "no such key")


def test_a_timeout_is_raised_in_the_handler() -> None:
    """It comes at the deadline and not before; left alone it is error 0."""
    node = make()
    tell(node, "patient")
    tell(node, "ask", timeout=1)
    node.take_outbox()
    node.advance(SECOND - 1)
    assert bodies(node) == []
    node.advance(SECOND)
    caught, passed_on = bodies(node)
    assert caught["value"] == "nobody knows"
    assert passed_on["code"] == 0


def test_a_late_reply_is_ignored() -> None:
    """After the timeout the handler has gone on; nobody answers the answer."""
    node = make()
    tell(node, "patient")
    (request,) = node.take_outbox()
    node.advance(2 * SECOND)
    node.take_outbox()
    answer(node, request, type="get_ok", value=5)
    answer(node, {**request, "body": {"msg_id": ["odd"]}}, type="get_ok")
    assert bodies(node) == []


def test_an_answered_request_has_no_deadline() -> None:
    """The clock of a driver need not stop for a timeout that can't happen any more."""
    node = Sample()
    assert node.next_deadline() is None
    node = make()
    tell(node, "ask", timeout=0.25)
    (request,) = node.take_outbox()
    assert node.next_deadline() == SECOND // 4
    answer(node, request, type="get_ok", value=5)
    assert node.next_deadline() == SECOND // 2  # that is the tick


def test_sleep_ends_in_the_order_of_deadlines() -> None:
    """Who sleeps shorter answers first; equal deadlines keep their order."""
    node = make()
    for src, seconds in [("c1", 2), ("c2", 1), ("c3", 1)]:
        tell(node, "nap", src, seconds=seconds)
    tell(node, "silent_nap")
    node.advance(3 * SECOND)
    assert [message["dest"] for message in node.take_outbox()] == ["c2", "c3", "c1"]


def test_sleeping_for_no_time_ends_in_the_same_turn() -> None:
    """It lets the input of the turn go first, and no time passes."""
    node = make()
    tell(node, "nap", seconds=0)
    tell(node, "plain")
    assert [body["type"] for body in bodies(node)] == ["plain_ok"]
    assert node.next_deadline() == 0
    node.advance(0)
    assert [body["type"] for body in bodies(node)] == ["nap_ok"]


def test_sleeping_for_no_time_for_ever_does_not_block() -> None:
    """A program that never rests still lets its driver read input."""
    node = make()
    tell(node, "spin")
    node.advance(0)
    node.advance(0)
    assert node.log == ["spin"] * 3
    assert node.next_deadline() == 0


def test_a_mutex_is_first_come_first_served() -> None:
    """One handler at a time is inside, also when one of them fails there."""
    node = make()
    tell(node, "take_turns", "c1", seconds=3)
    tell(node, "take_turns", "c2", seconds=1, fail=True)
    tell(node, "take_turns", "c3", seconds=1)
    for second in range(1, 6):
        node.advance(second * SECOND)
    tell(node, "take_turns", "c4", seconds=0)
    assert node.log == ["c1 in", "c1 out", "c2 in", "c3 in", "c3 out", "c4 in"]
    assert [body["type"] for body in bodies(node)] == [
        "take_turns_ok",
        "error",
        "take_turns_ok",
    ]


def test_timers_start_with_init_and_survive_errors(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A round that raises is complained about, and the next one comes all the same."""
    node = make()
    for half in range(1, 5):
        node.advance(half * SECOND // 2)
    assert node.ticks == [half * SECOND // 2 for half in range(1, 5)]
    assert "LookupError: a bad round" in capsys.readouterr().err


def test_timers_do_not_catch_up() -> None:
    """After a long silence there is one round, not all those that were missed."""
    node = make()
    node.advance(100 * SECOND)
    assert node.ticks == [100 * SECOND]
    assert node.next_deadline() == 100 * SECOND + SECOND // 2


def test_own_errors_become_error_replies() -> None:
    """A handler refuses by raising; the code and the text go to the client."""
    node = make()
    tell(node, "refuse")
    (body,) = bodies(node)
    assert body == {
        "type": "error",
        "code": 1001,
        "text": "not today",
        "in_reply_to": 1,
        "msg_id": 1,
    }


@pytest.mark.parametrize("message_type", ["crash", "crash_later"])
def test_bugs_become_error_13(
    message_type: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The client hears of a bug, standard error shows where it is, the node goes on."""
    node = make()
    tell(node, message_type)
    node.advance(0)
    (body,) = bodies(node)
    assert body["code"] == 13
    assert "LookupError: a " in body["text"]
    assert "Traceback" in capsys.readouterr().err
    tell(node, "plain")
    assert len(bodies(node)) == 1


@pytest.mark.parametrize("value", [1.0, True, "1", None, [1]])
def test_require_is_strict_about_types(value: Any) -> None:
    """A delta that is no whole number is a malformed request, and so is none."""
    node = make()
    tell(node, "delta", delta=value)
    tell(node, "delta")
    tell(node, "delta", delta=-3)
    wrong, missing, right = bodies(node)
    assert wrong["code"] == missing["code"] == 12
    assert repr(value) in wrong["text"]
    assert "nothing" in missing["text"]
    assert right["delta"] == -3


def test_a_subclass_overrides_handlers_by_name() -> None:
    """The mark is inherited with the name, so a variant states only its difference."""

    class Variant(Sample):
        def plain(self, message: Message) -> Body:
            return {**super().plain(message), "variant": True}

        @handler("more")
        def more(self, _: Message) -> Body:
            return {"type": "more_ok"}

    node = Variant()
    tell(node, "init", node_id="n1", node_ids=["n1"])
    tell(node, "plain")
    tell(node, "more")
    assert [body.get("variant") for body in bodies(node)] == [None, True, None]
    assert "more" not in Sample._handlers


def test_chance_is_repeatable_with_a_seed() -> None:
    """Equal seeds give equal draws on one node, and different ones on two nodes."""
    one, same, other, wild = make(seed=1), make(seed=1), make(seed=2), make()
    draws = [node.rng.random() for node in (one, same, other, wild)]
    assert draws[0] == draws[1]
    assert len(set(draws)) == 3
    peer = Sample(seed=1)
    tell(peer, "init", node_id="n2", node_ids=["n1", "n2"])
    assert peer.rng.random() != draws[0]


def test_options_are_numbers_among_the_arguments() -> None:
    """An option has its default unless given, and must be followed by a number."""
    node = Sample(["--batch-ms", "150", "--last"])
    assert node.option("--batch-ms", 0) == 150.0
    assert node.option("--other", 3) == 3
    with pytest.raises(ValueError, match="--last needs a number"):
        node.option("--last", 0)


def test_a_node_without_surroundings_has_simple_ones() -> None:
    """In its first life, with a disk in memory, and a clock that shows its own time."""
    node = make(now_ns=5)
    assert node.epoch == 0
    assert node.clock_ns() == 5
    node.disk.write("it", 1)
    assert node.disk.read("it") == 1
    assert make().disk.names() == []


def test_surroundings_come_from_the_driver() -> None:
    """Disk, wall clock and epoch are those that it gave."""
    disk = MemoryDisk()
    node = make(disk=disk, clock=lambda: -7, epoch=3)
    assert node.disk is disk
    assert node.clock_ns() == -7
    assert node.epoch == 3


def test_chance_is_another_in_each_life() -> None:
    """A restarted node does not draw the same again; its first life draws as ever."""
    draws = [make(seed=1, epoch=epoch).rng.random() for epoch in range(3)]
    assert draws[0] == Random("1/n1").random()
    assert len(set(draws)) == 3
    assert make(seed=1, epoch=2).rng.random() == draws[2]


def test_a_reply_to_an_earlier_life_is_ignored() -> None:
    """What a node asked before it was killed does not answer what it asks now."""
    before, after = make(), make(epoch=1)
    for node in (before, after):
        tell(node, "ask", timeout=1)
    (old,), (new,) = bodies(before), bodies(after)
    assert old["msg_id"] != new["msg_id"]
    tell(after, "get_ok", in_reply_to=old["msg_id"], value="old")
    tell(after, "get_ok", in_reply_to=new["msg_id"], value="new")
    assert bodies(after)[0]["value"] == "new"
