"""Correct nodes are never made out to be faulty by their journal."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import Verdict, check_counter, check_set
from checkers.evidence import gather, refine


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers.evidence import Evidence
    from histories import History

    from .conftest import Request, Wire


NODES = ("n0", "n1", "n2")


class Cluster:
    """Nodes that keep what they are told and gossip all of it, for clients in a hurry.

    An element is (its add, what it adds): a set shows the first, a counter the sum of
    the second.
    """

    def __init__(self, wire: Wire, rng: Random, *, grow_only: bool) -> None:
        self.wire = wire
        self.rng = rng
        self.low = 1 if grow_only else -4
        self.knows: dict[str, dict[int, int]] = {node: {} for node in NODES}
        self.gossip: list[tuple[int, str, dict[int, int]]] = []
        self.asked: list[Request] = []
        self.taken: list[Request] = []
        self.given_up: set[int] = set()
        self.free = [0, 1, 2]
        self.deltas: dict[int, int] = {}
        self.shown: dict[int, dict[int, int]] = {}

    def run(self, steps: int) -> None:
        for _ in range(steps):
            self.rng.choice(
                [self.ask, self.take, self.take, self.reply, self.reply, self.send]
                + [self.arrive] * 2
                + [self.give_up]
            )()
        # The clients end; a late reply may come, or never; then the nodes recover.
        for request in list(self.asked + self.taken):
            self.late(request)
        while self.asked:
            self.take(drop=self.rng.random() < 0.5)
        for _ in range(self.rng.randrange(3)):
            self.reply()
        for _ in range(2):
            for src in NODES:
                for dest in NODES:
                    if src != dest:
                        self.wire.tell(src, dest)
                        self.knows[dest] |= self.knows[src]
        while self.taken and self.rng.random() < 0.7:
            self.reply()
        for node in NODES:
            read = self.wire.ask(900 + NODES.index(node), "read", node, final=True)
            self.wire.deliver(read.id)
            self.wire.deliver(self.wire.reply(read))
            self.shown[self.wire.end(read, "ok")] = dict(self.knows[node])

    def ask(self) -> None:
        if self.free:
            process = self.free.pop()
            f = self.rng.choice(["add", "add", "read"])
            delta = self.rng.randrange(self.low, 5) if f == "add" else None
            request = self.wire.ask(process, f, NODES[process % 3], delta)
            if delta is not None:
                self.deltas[request.index] = delta
            self.asked.append(request)

    def take(self, *, drop: bool = False) -> None:
        if not self.asked:
            return
        request = self.asked.pop(self.rng.randrange(len(self.asked)))
        if drop or self.rng.random() < 0.2:
            self.wire.drop(request.id)
            self.late(request)
            return
        self.wire.deliver(request.id)
        if request.f == "add":
            self.knows[request.node][request.index] = self.deltas[request.index]
        self.taken.append(request)

    def reply(self) -> None:
        if not self.taken:
            return
        request = self.taken.pop(self.rng.randrange(len(self.taken)))
        shown = dict(self.knows[request.node])
        message = self.wire.reply(request)
        if request.id in self.given_up:
            self.wire.drop(message)
            return
        self.wire.deliver(message)
        self.shown[self.wire.end(request, "ok")] = shown
        self.free.append(request.process)

    def give_up(self) -> None:
        waiting = self.asked + self.taken
        if waiting:
            self.late(self.rng.choice(waiting))

    def late(self, request: Request) -> None:
        if request.id in self.given_up:
            return
        self.given_up.add(request.id)
        self.wire.wait()
        self.wire.end(request, "fail" if request.f == "read" else "info")
        self.free.append(request.process + (0 if request.f == "read" else 3))

    def send(self) -> None:
        src, dest = self.rng.sample(NODES, 2)
        self.gossip.append((self.wire.send(src, dest), dest, dict(self.knows[src])))

    def arrive(self) -> None:
        if not self.gossip:
            return
        message, dest, carried = self.gossip.pop(self.rng.randrange(len(self.gossip)))
        if self.rng.random() < 0.3:
            self.wire.drop(message)
        else:
            self.wire.deliver(message)
            self.knows[dest] |= carried

    def history(self, show: Callable[[dict[int, int]], Any]) -> History:
        """Return the history, with reads as a data type shows them."""
        import msgspec

        for index, shown in self.shown.items():
            event = self.wire.events[index]
            value = show(shown) if event.f == "read" else event.value
            self.wire.events[index] = msgspec.structs.replace(event, value=value)
        if show is sum_of:
            return self.wire.history()
        for index, event in enumerate(self.wire.events):
            if event.f == "add" and event.type == "invoke":
                self.wire.events[index] = msgspec.structs.replace(event, value=index)
        return self.wire.history()

    def evidence(self, history: History) -> Evidence:
        return gather(
            history,
            self.wire.messages,
            nodes=NODES,
            updates=lambda f: f == "add",
            contexts=False,
        )


def sum_of(shown: dict[int, int]) -> int:
    return sum(shown.values())


def elements_of(shown: dict[int, int]) -> list[int]:
    return list(shown)


@pytest.mark.parametrize("kind", ["g-counter", "pn-counter", "g-set"])
@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(5, 100))
def test_correct_nodes_stay_valid(
    new_wire: Callable[[], Wire], seed: int, steps: int, kind: str
) -> None:
    """With evidence a run is valid if it is without, however clients have timed out."""
    cluster = Cluster(new_wire(), Random(seed), grow_only=kind != "pn-counter")
    cluster.run(steps)
    history = cluster.history(elements_of if kind == "g-set" else sum_of)
    evidence = cluster.evidence(history)
    for told in (None, evidence):
        if kind == "g-set":
            result = check_set(history, nodes=NODES, evidence=told)
        else:
            grow_only = kind == "g-counter"
            result = check_counter(
                history, nodes=NODES, grow_only=grow_only, evidence=told
            )
        assert result.verdict is not Verdict.INVALID, (seed, result.summary)


def test_the_cluster_leaves_indeterminate_operations_of_all_kinds(
    new_wire: Callable[[], Wire],
) -> None:
    """What the property is about does occur."""
    told = ""
    counted = 0
    for seed in range(20):
        cluster = Cluster(new_wire(), Random(seed), grow_only=True)
        cluster.run(100)
        history = cluster.history(sum_of)
        refined = refine(history, cluster.evidence(history))
        told += " ".join(refined.notes)
        counted += len(refined.counted)
    assert "never reached a node" in told
    assert "answered ok after" in told
    assert "a node that never answered" in told
    assert counted > 10
