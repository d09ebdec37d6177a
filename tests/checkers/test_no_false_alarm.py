"""Correct replicas with random gossip, partitions and timeouts are never accused.

The simulated data type is the simplest that is right by construction: every node holds
the set of updates it has heard of, gossip unites them, and a read shows the sum or the
list of what its node holds.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import Reason, Verdict, check_counter, check_set
from histories import Event, History


if TYPE_CHECKING:
    from collections.abc import Callable

ELEMENTS = [None, True, 1, 1.0, "1", [1], {"a": 1}, 0, False, "", [], -1.5]


class Cluster:
    """A cluster with one pinned client a node and another that shares its node."""

    def __init__(
        self, rng: Random, update: Callable[[int], Any], *, sums: bool
    ) -> None:
        self.rng = rng
        self.update = update
        self.sums = sums
        self.nodes = [f"n{number}" for number in range(rng.randint(1, 5))]
        self.held: dict[str, set[int]] = {node: set() for node in self.nodes}
        self.updates: list[Any] = []
        self.events: list[Event] = []
        self.late: list[tuple[str, int]] = []
        self.clients = {
            client: self.nodes[client % len(self.nodes)]
            for client in range(2 * len(self.nodes))
        }
        self.open: dict[int, tuple[str, Any, Any]] = {}
        self.cut = False

    def record(self, type_: Any, process: int, f: str, value: Any, **more: Any) -> None:
        self.events.append(
            Event(
                index=len(self.events),
                time=1_000_000 * len(self.events),
                type=type_,
                process=process,
                f=f,
                value=value,
                **more,
            )
        )

    def shown(self, node: str) -> Any:
        values = [self.updates[update] for update in self.held[node]]
        if self.sums:
            return sum(values)
        self.rng.shuffle(values)
        return values

    def invoke(self, client: int, *, final: bool) -> None:
        node = self.clients[client]
        if final or self.rng.random() < 0.5:
            self.record("invoke", client, "read", None, node=node, final=final)
            self.open[client] = ("read", None, final)
        else:
            value = self.update(len(self.updates))
            self.updates.append(value)
            self.record("invoke", client, "add", value, node=node)
            self.open[client] = ("add", len(self.updates) - 1, None)

    def complete(self, client: int, *, faults: bool) -> None:
        f, update, answer = self.open.pop(client)
        node, fate = self.clients[client], self.rng.random() if faults else 1.0
        if f == "read":
            final, value = answer, self.shown(node)
            status = "fail" if fate < 0.1 else "ok"
            value = value if status == "ok" else None
            self.record(status, client, f, value, node=node, final=final)
        elif fate < 0.1:
            self.record("fail", client, f, self.updates[update], node=node)
        elif fate < 0.3:
            self.record("info", client, f, self.updates[update], node=node)
            process = max(*self.clients, *self.open, 0) + 1
            self.clients[process] = self.clients.pop(client)
            if fate < 0.2:
                self.late.append((node, update))
        else:
            self.held[node].add(update)
            self.record("ok", client, f, self.updates[update], node=node)

    def gossip(self) -> None:
        source, target = self.rng.choice(self.nodes), self.rng.choice(self.nodes)
        if not (
            self.cut and self.nodes.index(source) % 2 != self.nodes.index(target) % 2
        ):
            self.held[target] |= self.held[source]

    def run(self, steps: int) -> None:
        """Run the main phase."""
        for _ in range(steps):
            choice = self.rng.random()
            idle = sorted(self.clients.keys() - self.open.keys())
            if choice < 0.35 and idle:
                self.invoke(self.rng.choice(idle), final=False)
            elif choice < 0.7 and self.open:
                self.complete(self.rng.choice(sorted(self.open)), faults=True)
            elif choice < 0.75 and self.late:
                node, update = self.late.pop()
                self.held[node].add(update)
            elif choice < 0.78:
                self.cut = not self.cut
                name = "start-partition" if self.cut else "stop-partition"
                self.record("info", "nemesis", name, None)
            else:
                self.gossip()

    def settle(self) -> None:
        """Heal, wait, and read every node, concurrently."""
        for client in sorted(self.open):
            self.complete(client, faults=True)
        for node, update in self.late:
            if self.rng.random() < 0.5:
                self.held[node].add(update)
        self.late.clear()
        everything = set().union(*self.held.values())
        self.held = {node: set(everything) for node in self.nodes}
        readers = sorted(self.clients)
        self.rng.shuffle(readers)
        for client in readers:
            self.invoke(client, final=True)
            if self.rng.random() < 0.5:
                self.complete(self.rng.choice(sorted(self.open)), faults=False)
        for client in sorted(self.open):
            self.complete(client, faults=False)

    def history(self) -> History:
        return History.from_events(self.events)


def judge(cluster: Cluster, *, grow_only: bool) -> Any:
    if cluster.sums:
        return check_counter(
            cluster.history(), nodes=cluster.nodes, grow_only=grow_only
        )
    return check_set(cluster.history(), nodes=cluster.nodes)


KINDS = {
    "g-counter": (lambda rng: lambda _: rng.randrange(5), True, True),
    "pn-counter": (lambda rng: lambda _: rng.randrange(-5, 5), True, False),
    "wide-counter": (
        lambda rng: lambda _: rng.choice([1, -(10**6), 10**12]),
        True,
        False,
    ),
    "g-set": (lambda _: lambda number: number, False, True),
    "json-set": (
        lambda _: lambda n: ELEMENTS[n] if n < len(ELEMENTS) else [n],
        False,
        True,
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(0, 200))
def test_a_correct_cluster_is_never_invalid(kind: str, seed: int, steps: int) -> None:
    """Valid, or vacuous if too little happened."""
    make, sums, grow_only = KINDS[kind]
    rng = Random(seed)
    cluster = Cluster(rng, make(rng), sums=sums)
    cluster.run(steps)
    cluster.settle()
    result = judge(cluster, grow_only=grow_only)
    assert not any(anomaly.fails for anomaly in result.anomalies), result.anomalies
    if result.verdict is not Verdict.VALID:
        assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.VACUOUS)
    else:
        assert result.measures["convergence-ms"].value is not None
    # A run that goes on after its final reads, and is read again, is as good.
    cluster.run(steps)
    cluster.settle()
    again = judge(cluster, grow_only=grow_only)
    assert not any(anomaly.fails for anomaly in again.anomalies), again.anomalies
    assert result.verdict is not Verdict.VALID or again.verdict is Verdict.VALID


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_run_of_a_correct_cluster_is_valid(kind: str) -> None:
    """With enough operations nothing is left open."""
    make, sums, grow_only = KINDS[kind]
    for seed in range(20):
        rng = Random(seed)
        cluster = Cluster(rng, make(rng), sums=sums)
        cluster.run(600)
        cluster.settle()
        assert judge(cluster, grow_only=grow_only).verdict is Verdict.VALID, seed


@pytest.mark.parametrize("kind", KINDS)
def test_a_cluster_that_loses_an_update_is_caught(kind: str) -> None:
    """The same clusters without one acknowledged update are invalid."""
    make, sums, grow_only = KINDS[kind]
    for seed in range(20):
        rng = Random(seed)
        cluster = Cluster(rng, make(rng), sums=sums)
        cluster.run(300)
        cluster.settle()
        acknowledged = {
            msg.value if sums else repr(msg.value)
            for msg in cluster.events
            if (msg.type, msg.f) == ("ok", "add") and msg.value
        }
        lost = next(
            number
            for number in set().union(*cluster.held.values())
            if (cluster.updates[number] if sums else repr(cluster.updates[number]))
            in acknowledged
        )
        for held in cluster.held.values():
            held.discard(lost)
        for client in sorted(cluster.clients):
            cluster.invoke(client, final=True)
            cluster.complete(client, faults=False)
        result = judge(cluster, grow_only=grow_only)
        assert result.verdict is Verdict.INVALID, seed
