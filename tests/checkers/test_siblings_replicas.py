"""Multi-value registers by replica: what a right one does is never held against it."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.evidence._evidence import NOBODY
from checkers.registers import check_siblings
from histories import Event, History
from nodes.crdt import MVRegister


NODES = ("n1", "n2", "n3")


class Cluster:
    """Three replicas that talk now and then; it notes what each of them could know."""

    indeterminate = ()
    gone = NOBODY
    in_doubt = NOBODY

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.registers = {node: MVRegister() for node in NODES}
        self.known: dict[str, set[int]] = {node: set() for node in NODES}
        self.could: dict[int, set[int]] = {}
        self.events: list[Event] = []
        self.open: list[tuple[str, int, Any, str]] = []
        self.processes = 0

    def could_show(self, update: int, operation: int) -> bool | None:
        """Answer as the journal does."""
        told = self.could.get(operation)
        return None if told is None else update in told

    def record(self, type_: str, f: str, value: Any, **more: Any) -> int:
        """Append an event."""
        index = len(self.events)
        event = Event(index=index, time=index, type=type_, f=f, value=value, **more)
        self.events.append(event)
        return index

    def begin(self) -> None:
        """Invoke an operation of a new process."""
        node = self.rng.choice(NODES)
        self.processes += 1
        value: dict[str, Any] = {"key": "k"}
        f = self.rng.choice(("write", "read"))
        if f == "write":
            value["value"] = self.processes
        index = self.record("invoke", f, value, process=self.processes, node=node)
        self.open.append((f, index, value, node))

    def end(self) -> None:
        """Carry out an open operation; its client may never hear of it."""
        if not self.open:
            return
        f, index, value, node = self.open.pop(self.rng.randrange(len(self.open)))
        process = self.events[index].process
        fate = self.rng.choice(("ok", "ok", "ok", "ok", "deaf", "lost"))
        answer = dict(value)
        if f == "write" and fate != "lost":
            delta = self.registers[node].write(node, value["value"])
            self.registers[node] = self.registers[node].merge(delta)
            self.known[node].add(index)
            answer["vclock"] = delta.clock.encode()
        elif f == "read":
            answer["values"] = self.registers[node].encode()
        if fate == "ok":
            self.could[index] = set(self.known[node])
        type_ = "ok" if fate == "ok" else "info"
        told = answer if fate == "ok" else value
        self.record(type_, f, told, process=process, node=node)

    def talk(self) -> None:
        """Let one node tell another all that it has."""
        source, target = self.rng.sample(NODES, 2)
        theirs = self.registers[source]
        self.registers[target] = self.registers[target].merge(theirs)
        self.known[target] |= self.known[source]

    def finish(self) -> History:
        """Let all nodes agree, and read each."""
        while self.open:
            self.end()
        everything = MVRegister()
        for register in self.registers.values():
            everything = everything.merge(register)
        all_known = set().union(*self.known.values())
        for node in NODES:
            self.processes += 1
            more: dict[str, Any] = {
                "process": self.processes,
                "node": node,
                "final": True,
            }
            index = self.record("invoke", "read", {"key": "k"}, **more)
            self.could[index] = all_known
            answer = {"key": "k", "values": everything.encode()}
            self.record("ok", "read", answer, **more)
        return History.from_events(self.events)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_a_right_register_is_not_accused(seed: int) -> None:
    """Neither with a journal, which knows more, nor without."""
    cluster = Cluster(Random(seed))
    step = (cluster.begin, cluster.end, cluster.end, cluster.talk)
    for _ in range(cluster.rng.randrange(4, 60)):
        cluster.rng.choice(step)()
    history = cluster.finish()
    evidence: Any = cluster
    for known in (None, evidence):
        result = check_siblings(
            history, nodes=NODES, evidence=known, semantics="replica"
        )
        assert not [one for one in result.anomalies if one.fails], result
