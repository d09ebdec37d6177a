"""The upper bound against nodes whose knowledge is known, and against the naive pass."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.evidence import _gather, gather
from histories import MessageKind


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers.evidence import Evidence

    from .conftest import Request, Wire


NODES = ("n0", "n1", "n2")
SERVICES = ("seq-kv",)
PLACES = NODES + SERVICES

Known = frozenset[int]

SEEDS = st.integers(0, 2**32)
"""Chance from Hypothesis itself would be too regular for rare orders of events."""


class World:
    """Nodes that gossip, forget and fail at random, and what they really know.

    Knowledge is a set of updates. A message carries any part of what its sender knows,
    and its receiver keeps any part of that; a crash leaves any part.
    """

    def __init__(self, wire: Wire, rng: Random, *, roaming: bool, late: bool) -> None:
        self.wire = wire
        self.rng = rng
        self.roaming = roaming
        self.late = late
        self.knows: dict[str, Known] = {place: frozenset() for place in PLACES}
        self.clients: dict[int, Known] = {}
        self.carries: dict[int, tuple[str, Known]] = {}
        self.copies: list[int] = []
        self.free = [0, 1, 2]
        self.open: dict[int, Request] = {}
        self.answers: dict[int, tuple[Request, Known]] = {}
        self.next_process = 3
        self.truth: dict[int, Known] = {}
        """What each reply that was accepted really knew."""

    def part(self, known: Known) -> Known:
        return frozenset(each for each in sorted(known) if self.rng.random() < 0.7)

    def run(self, steps: int) -> None:
        for _ in range(steps):
            kind = self.rng.choice("iiggggdddddddxurrrtc" + "l" * self.late)
            {
                "i": self.invoke,
                "g": self.gossip,
                "d": self.deliver,
                "x": self.drop,
                "u": self.duplicate,
                "r": self.reply,
                "t": self.give_up,
                "c": self.crash,
                "l": self.duplicate_late,
            }[kind]()

    def invoke(self) -> None:
        if not self.free:
            return
        process = self.free.pop(self.rng.randrange(len(self.free)))
        node = NODES[process % 3]
        if self.roaming:
            node = self.rng.choice(NODES)
        f = self.rng.choice(["add", "read"])
        request = self.wire.ask(process, f, node)
        context = (
            self.clients.get(process, frozenset()) if self.roaming else frozenset()
        )
        update = frozenset([request.index]) if f == "add" else frozenset()
        self.carries[request.id] = (node, self.part(context) | update)
        self.copies.append(request.id)
        self.open[request.id] = request

    def gossip(self) -> None:
        src, dest = self.rng.sample(PLACES, 2)
        message = self.wire.send(src, dest)
        self.carries[message] = (dest, self.part(self.knows[src]))
        self.copies.append(message)

    def take(self) -> int | None:
        if not self.copies:
            return None
        return self.copies.pop(self.rng.randrange(len(self.copies)))

    def deliver(self) -> None:
        message = self.take()
        if message is None:
            return
        self.wire.deliver(message)
        dest, carried = self.carries[message]
        if message not in self.answers:
            self.knows[dest] |= self.part(carried)
            return
        request, known = self.answers[message]
        if self.open.pop(request.id, None) is not None:
            self.truth[request.index] = known
            self.clients[request.process] = self.clients.get(
                request.process, frozenset()
            ) | self.part(known)
            self.wire.end(request, "ok")
            self.free.append(request.process)

    def drop(self) -> None:
        message = self.take()
        if message is not None:
            self.wire.drop(message)

    def duplicate(self) -> None:
        if self.copies:
            message = self.rng.choice(self.copies)
            if message not in self.answers:
                self.wire.duplicate(message)
                self.copies.append(message)

    def duplicate_late(self) -> None:
        """Make a copy of a message that may have arrived long ago."""
        messages = [each for each in sorted(self.carries) if each not in self.answers]
        if messages:
            message = self.rng.choice(messages)
            self.wire.duplicate(message)
            self.copies.append(message)

    def reply(self) -> None:
        """Let a node reply to any request, even one that it never got, or again."""
        requests = [self.open[key] for key in sorted(self.open)]
        if not requests:
            return
        request = self.rng.choice(requests)
        src = request.node if self.rng.random() < 0.8 else self.rng.choice(NODES)
        known = self.part(self.knows[src])
        message = self.wire.reply(request, src=src)
        self.answers[message] = (request, known)
        self.carries[message] = (f"c{request.process}", known)
        self.copies.append(message)

    def give_up(self) -> None:
        if not self.open:
            return
        request = self.open.pop(self.rng.choice(sorted(self.open)))
        self.wire.give_up(request)
        self.free.append(self.next_process)
        self.next_process += 3

    def crash(self) -> None:
        node = self.rng.choice(NODES)
        self.knows[node] = self.part(self.knows[node])

    def evidence(self, *, contexts: bool) -> Evidence:
        return gather(
            self.wire.history(),
            self.wire.messages,
            nodes=NODES,
            services=SERVICES,
            updates=lambda f: f == "add",
            contexts=contexts,
        )


def naive(wire: Wire, evidence: Evidence, *, contexts: bool) -> dict[str, int]:
    """Return what each endpoint could know in the end, by one set for each message."""
    adds = {e.index: n for n, e in enumerate(_adds(wire))}
    asked: dict[tuple[str, int], int] = {}
    counts: dict[str, int] = {}
    requests = {}
    for event in wire.events:
        if event.type == "invoke":
            client = f"c{event.process}"
            counts[client] = counts.get(client, 0) + 1
            asked[client, counts[client]] = event.index
    known: dict[str, int] = {}
    carried: dict[int, int] = {}
    seen: dict[str, int] = {}
    for each in wire.messages:
        if each.kind == MessageKind.SEND:
            own = 0
            if each.src in counts:
                seen[each.src] = seen.get(each.src, 0) + 1
                index = asked[each.src, seen[each.src]]
                requests[each.id] = index
                own = 1 << adds[index] if index in adds else 0
            relays = contexts or each.src in PLACES
            carried[each.id] = (known.get(each.src, 0) if relays else 0) | own
        elif each.kind == MessageKind.DELIVER:
            known[each.dest] = known.get(each.dest, 0) | carried[each.id]
    return {place: known.get(place, 0) for place in PLACES}


def _adds(wire: Wire) -> list:
    return [e for e in wire.events if e.type == "invoke" and e.f == "add"]


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("roaming", [False, True])
@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, steps=st.integers(1, 150))
def test_what_a_reply_knew_is_within_the_bound(
    new_wire: Callable[[], Wire], seed: int, steps: int, *, roaming: bool, late: bool
) -> None:
    """Whatever nodes keep, forget, copy and send, no reply knows more than its bound."""
    world = World(new_wire(), Random(seed), roaming=roaming, late=late)
    world.run(steps)
    evidence = world.evidence(contexts=roaming)
    for index, truth in world.truth.items():
        up = evidence.up(index)
        assert up is not None
        assert all(up >> evidence.number(update) & 1 for update in truth)
        assert all(evidence.could_show(update, index) for update in truth)


@pytest.mark.parametrize("roaming", [False, True])
@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, steps=st.integers(1, 150))
def test_logs_say_what_a_set_for_each_message_says(
    new_wire: Callable[[], Wire], seed: int, steps: int, *, roaming: bool
) -> None:
    """The bound is exactly that of the naive pass, no looser and no tighter."""
    world = World(new_wire(), Random(seed), roaming=roaming, late=False)
    world.run(steps)
    evidence = world.evidence(contexts=roaming)
    expected = naive(world.wire, evidence, contexts=roaming)
    for place in PLACES:
        for number, update in enumerate(evidence.updates):
            path = evidence.path(update, place)
            assert (path is not None) == bool(expected[place] >> number & 1)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_forgetting_what_is_on_its_way_only_loosens_the_bound(
    new_wire: Callable[[], Wire], seed: int
) -> None:
    """With next to no memory for messages on their way the bound still holds."""
    world = World(new_wire(), Random(seed), roaming=False, late=True)
    world.run(120)
    tight = world.evidence(contexts=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_gather, "MOST_ON_THEIR_WAY", 1)
        loose = world.evidence(contexts=False)
    for index, truth in world.truth.items():
        up, at_most = tight.up(index), loose.up(index)
        assert up is not None
        assert at_most is not None
        assert up & ~at_most == 0
        assert all(at_most >> loose.number(update) & 1 for update in truth)
