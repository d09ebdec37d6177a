"""Faults in virtual time: what they do, counted at the receiver, and when."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.agenda import Agenda
from harness.errors import UsageError
from harness.nemesis import FAULTS, NEMESES, TARGETS, nemesis_of
from harness.nemesis._targets import draw_nodes
from harness.network import NODE, Network
from harness.network.latency import latency_of
from harness.problems import ProblemLog
from harness.serving import attach_services
from harness.spec import Change, RunSpec


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.network import Packet

MS = 1_000_000
NODES = ("n1", "n2", "n3", "n4", "n5")

each_fault = pytest.mark.parametrize("name", sorted(FAULTS))


class Node:
    """A node that keeps what it gets: who from, which message, what."""

    role = NODE

    def __init__(self, name: str) -> None:
        self.name = name
        self.refuses: str | None = None
        self.got: list[tuple[str, int, Any]] = []

    def deliver(self, packet: Packet) -> None:
        self.got.append((packet.src, packet.id, json.loads(packet.body)))


class Log:
    """Keeps the events of the nemesis, as they come back from a file."""

    def __init__(self, agenda: Agenda) -> None:
        self.events: list[tuple[int, str, Any]] = []
        self.agenda = agenda

    def nemesis(self, f: str, value: Any) -> None:
        self.events.append((self.agenda.now, f, json.loads(json.dumps(value))))


class World:
    """Five nodes without processes, on a network with services, in virtual time.

    It is also what faults act on: the machines, the clients and the journal.
    """

    homes: Sequence[str] = NODES

    def __init__(self, *nemesis: str, **spec: Any) -> None:
        self.agenda = Agenda()
        self.problems = ProblemLog(self.agenda)
        log = Log(self.agenda)
        self.events = log.events
        self.done: list[tuple[Any, ...]] = []
        self.waiting: list[Callable[[], None]] = []
        self.dead: set[str] = set()
        self.network = Network(
            agenda=self.agenda,
            latency=latency_of("constant", 0),
            loss=0,
            seed="1",
            journal=self,  # type: ignore[arg-type] - records only
            problems=self.problems,
        )
        self.members = {name: Node(name) for name in NODES}
        for node in self.members.values():
            self.network.attach(node)
        attach_services(self.network, Random)
        defaults: dict[str, Any] = {
            "workload": "echo",
            "bin": ("node",),
            "nodes": NODES,
            "concurrency": 5,
            "rate": 1.0,
            "time_limit_s": 10.0,
            "seed": 1,
            "nemesis": nemesis,
        }
        self.nemesis = nemesis_of(
            RunSpec(**{**defaults, **spec}),
            agenda=self.agenda,
            network=self.network,
            machines=self,
            travellers=self,
            log=log,  # type: ignore[arg-type] - takes events of the nemesis only
            problems=self.problems,
            wait=self.waiting.append,
        )

    def record(self, *_: Any) -> None:
        """Keep no journal."""

    # Machines and travellers.

    def kill(self, name: str) -> bool:
        self.done.append(("kill", name))
        return name not in self.dead

    def restart(self, name: str, *, keep_disk: bool) -> bool:
        self.done.append(("restart", name, keep_disk))
        return True

    def pause(self, name: str) -> bool:
        self.done.append(("pause", name))
        return name not in self.dead

    def resume(self, name: str) -> None:
        self.done.append(("resume", name))

    def set_clock(self, name: str, offset_ns: int) -> None:
        self.done.append(("clock", name, offset_ns))

    def clock_was_read(self, name: str) -> bool:
        return name not in self.dead

    def roam(self, clients: Sequence[int], nodes: Sequence[str]) -> None:
        self.done.append(("roam", tuple(clients), tuple(nodes)))

    def go_home(self) -> int:
        self.done.append(("home",))
        return 7

    def events_of(self, prefix: str) -> list[Any]:
        return [value for _, f, value in self.events if f.startswith(prefix)]

    # What happens.

    def begin(self, name: str, **plan: Any) -> None:
        self.nemesis.begin(name, {"sentence": "x", **plan})

    def end(self, name: str) -> Any:
        """End a fault; return what it says that it did."""
        self.nemesis.end(name)
        return self.events[-1][2]

    def wait(self, milliseconds: float) -> None:
        """Let time pass, with everything that is due in it at its own time."""
        until = self.agenda.now + int(milliseconds * MS)
        while (due := self.agenda.next_time()) is not None and due <= until:
            self.agenda.now = max(self.agenda.now, due)
            self.agenda.run_due()
        self.agenda.now = until

    def talk(self, times: int) -> None:
        """Have every node send to every other, a millisecond apart."""
        for _ in range(times):
            for src in self.members.values():
                for dest in self.members.values():
                    if src is not dest:
                        self.network.send(src, dest, b"{}")
            self.wait(1)

    def heard(self, dest: str) -> Counter[str]:
        """How many messages a node got, by sender, copies counted once."""
        return Counter(src for src, _ in {got[:2] for got in self.members[dest].got})


@each_fault
def test_a_plan_is_json_and_says_what_it_does(name: str) -> None:
    """The same plan started from the spec of a run does the same again."""
    world = World(name)
    for seed in range(20):
        plan = world.nemesis.draw(name, Random(seed))
        assert plan is not None
        assert json.loads(json.dumps(plan)) == plan
        assert plan == world.nemesis.draw(name, Random(seed))
        assert len(plan["sentence"]) > 10
        world.nemesis.begin(name, plan)
        assert world.nemesis.in_force == plan["sentence"]
        world.nemesis.end(name)
        assert world.nemesis.in_force is None
    assert world.problems.all() == ()
    values = world.events_of(f"start-{name}")
    assert "sentence" not in values[0]
    assert "sentence" in values[1]
    assert all(type(count) is int for count in world.events_of("stop-")[1].values())


@each_fault
def test_when_a_fault_is_stopped_all_is_as_it_was(name: str) -> None:
    """Every message arrives once and at once; nobody is dead, still or wrong."""
    world = World(name)
    for seed in range(5):
        plan = world.nemesis.draw(name, Random(seed))
        assert plan is not None
        world.nemesis.begin(name, plan)
        world.talk(3)
        world.nemesis.end(name)
    world.wait(100_000)
    for node in world.members.values():
        node.got.clear()
    world.talk(10)
    for node in NODES:
        assert world.heard(node) == {src: 10 for src in NODES if src != node}
        assert len(world.members[node].got) == 40
    last = {step[1]: step for step in world.done if step[0] in {"kill", "restart"}}
    assert all(step[0] == "restart" for step in last.values())
    last = {step[1]: step for step in world.done if step[0] in {"pause", "resume"}}
    assert all(step[0] == "resume" for step in last.values())
    last = {step[1]: step for step in world.done if step[0] == "clock"}
    assert all(step[2] == 0 for step in last.values())


def test_a_deaf_node_is_heard() -> None:
    """It gets nothing from other nodes, and they get everything."""
    world = World("deaf")
    world.begin("deaf", nodes=["n2"])
    world.talk(5)
    assert not world.heard("n2")
    assert world.heard("n1") == {"n2": 5, "n3": 5, "n4": 5, "n5": 5}
    assert world.end("deaf") == {"dropped": 20}


def test_a_mute_node_hears() -> None:
    """It gets everything, and others get nothing from it."""
    world = World("mute")
    world.begin("mute", nodes=["n2"])
    world.talk(5)
    assert world.heard("n2") == {"n1": 5, "n3": 5, "n4": 5, "n5": 5}
    assert world.heard("n1") == {"n3": 5, "n4": 5, "n5": 5}
    assert world.end("mute") == {"dropped": 20}


def test_a_partition_cuts_exactly_what_it_says() -> None:
    """What receivers miss is what is counted, whatever the shape."""
    for seed in range(20):
        world = World("partition")
        plan = world.nemesis.draw("partition", Random(seed))
        assert plan is not None
        world.nemesis.begin("partition", plan)
        world.talk(3)
        missing = {
            (src, dest)
            for dest in NODES
            for src in NODES
            if src != dest and not world.heard(dest)[src]
        }
        assert missing == {(src, dest) for src, dest in plan["blocked"]}
        assert world.end("partition") == {"dropped": 3 * len(missing)}


def test_loss_strikes_the_messages_of_its_nodes_only() -> None:
    """Receivers miss half of what n1 sends or gets, and nothing else."""
    world = World("loss")
    world.begin("loss", nodes=["n1"], probability=0.5)
    world.talk(200)
    assert set((world.heard("n2") - Counter(n1=200)).values()) == {200}
    got = [world.heard("n2")["n1"], *world.heard("n1").values()]
    assert all(70 < count < 130 for count in got)
    total = sum(sum(world.heard(node).values()) for node in NODES)
    assert world.end("loss") == {"dropped": 200 * 20 - total}


def test_duplicates_are_received_twice() -> None:
    """The copies that receivers got are those that are counted."""
    world = World("duplicate")
    world.begin("duplicate", nodes=["n1"], probability=0.5, copy_ms=5)
    world.talk(100)
    world.wait(10_000)
    copies = sum(
        len(node.got) - len({one for _, one, _ in node.got})
        for node in world.members.values()
    )
    assert 300 < copies < 500, "half of 800 messages from and to n1"
    assert world.end("duplicate") == {"duplicated": copies, "in_flight": 0}


def test_reordered_messages_are_received_out_of_order() -> None:
    """Ids go down at the receiver, exactly as often as is counted."""
    world = World("reorder")
    world.begin("reorder", nodes=["n1"], probability=0.3, window_ms=20)
    world.talk(100)
    world.wait(1000)
    late = 0
    for node in world.members.values():
        latest: dict[str, int] = {}
        for src, message, _ in node.got:
            late += message < latest.get(src, -1)
            latest[src] = max(message, latest.get(src, -1))
    effect = world.end("reorder")
    assert effect["overtaken"] == late > 100
    assert sum(sum(world.heard(node).values()) for node in NODES) == 2000, "none lost"


def test_delayed_messages_are_received_later() -> None:
    """Nothing of n1 arrives at once, most of it soon, and all of it in the end."""
    world = World("delay")
    world.begin("delay", nodes=["n1"], mean_ms=50)
    world.talk(1)
    assert not world.heard("n1")
    world.wait(100)
    assert 0 < len(world.members["n1"].got) <= 4
    world.wait(10_000)
    assert world.heard("n1") == {"n2": 1, "n3": 1, "n4": 1, "n5": 1}
    assert world.end("delay") == {"delayed": 8, "in_flight": 0}


def ask(world: World, node: str, request: str) -> None:
    """Have a node ask the service lin-kv."""
    service = world.network.find("lin-kv")
    assert service is not None
    world.network.send(world.members[node], service, request.encode())


WRITE = '{"type":"write","key":"k","value":1,"msg_id":1}'
READ = '{"type":"read","key":"k","msg_id":2}'


def test_slow_services_answer_late() -> None:
    """The reply takes its time for the nodes that are struck, and only for these."""
    world = World("slow-services")
    world.begin("slow-services", nodes=["n1"], mean_ms=200)
    ask(world, "n2", WRITE)
    ask(world, "n1", READ)
    assert len(world.members["n2"].got) == 1
    world.wait(20)
    assert not world.members["n1"].got
    world.wait(20_000)
    assert world.members["n1"].got[0][2]["value"] == 1
    assert world.end("slow-services") == {"delayed": 2, "in_flight": 0}


@pytest.mark.parametrize(
    ("lost", "read"),
    [("requests", "error"), ("replies", "read_ok"), ("both", "error")],
)
def test_a_service_partition_loses_requests_or_replies(lost: str, read: str) -> None:
    """Without the reply a request has taken effect all the same."""
    world = World("service-partition")
    world.begin("service-partition", nodes=["n1"], lost=lost)
    ask(world, "n1", WRITE)
    assert not world.members["n1"].got
    assert world.end("service-partition") == {"dropped": 1}
    ask(world, "n2", READ)
    assert world.members["n2"].got[0][2]["type"] == read


def test_a_kill_counts_who_died_and_restarts_them() -> None:
    """A node without a process is neither killed nor started again."""
    world = World("kill")
    world.dead = {"n2"}
    disk = {"n1": "kept", "n2": "kept", "n3": "lost"}
    world.begin("kill", nodes=["n1", "n2", "n3"], disk=disk)
    world.wait(10)
    effect = world.end("kill")
    assert effect == {"killed": 2, "restarted": 2, "dead_ns": 20 * MS}
    assert world.done[3:] == [("restart", "n1", True), ("restart", "n3", False)]


@pytest.mark.parametrize("disk", ["kept", "lost", "either"])
def test_what_is_left_of_a_disk_is_drawn_node_by_node(disk: str) -> None:
    """Either means that both happen, and the sentence says to whom."""
    world = World("kill", disk=disk, nemesis_targets=("all",))
    drawn = set()
    for seed in range(10):
        plan = world.nemesis.draw("kill", Random(seed))
        assert plan is not None
        drawn |= set(plan["disk"].values())
        assert ("lose" in plan["sentence"] or "lost" in plan["sentence"]) == (
            "lost" in plan["disk"].values()
        )
    assert drawn == ({"kept", "lost"} if disk == "either" else {disk})


def test_a_pause_counts_for_how_long_nodes_stood_still() -> None:
    """Nobody is paused who has no process."""
    world = World("pause")
    world.dead = {"n2"}
    world.begin("pause", nodes=["n1", "n2"])
    world.wait(30)
    assert world.end("pause") == {"paused": 1, "paused_ns": 30 * MS}
    assert world.done[2:] == [("resume", "n1")]


def test_clocks_are_set_wrong_by_small_and_large_amounts() -> None:
    """Each node has its own error, fast or slow, from 0.1 s to 5 minutes."""
    world = World("clock", nemesis_targets=("all",))
    offsets = []
    for seed in range(100):
        plan = world.nemesis.draw("clock", Random(seed))
        assert plan is not None
        offsets += plan["offsets_s"].values()
    sizes = sorted(map(abs, offsets))
    assert 0.1 <= sizes[0] < 0.2
    assert 200 < sizes[-1] <= 300
    assert 3 < sizes[len(sizes) // 2] < 10
    assert 0.4 < sum(offset > 0 for offset in offsets) / len(offsets) < 0.6
    world.begin("clock", offsets_s={"n1": -2.5})
    assert world.done == [("clock", "n1", -2_500_000_000)]


def test_a_clock_that_nobody_asks_is_no_effect() -> None:
    """Only clocks that were asked while they were wrong are counted."""
    world = World("clock")
    world.dead = {"n2"}
    world.begin("clock", offsets_s={"n1": -2.5, "n2": 2.5})
    assert world.end("clock") == {"clocks": 1}
    world.begin("clock", offsets_s={"n2": 2.5})
    assert world.end("clock") == {"clocks": 0}


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 12), st.sampled_from(sorted(TARGETS)), st.integers(0, 1000))
def test_targets_are_as_many_as_their_name_says(
    count: int, kind: str, seed: int
) -> None:
    """At least one node is struck, in the order of the cluster."""
    nodes = [f"n{number}" for number in range(count)]
    struck = draw_nodes((kind,), nodes, Random(seed))
    assert struck
    assert list(struck) == [node for node in nodes if node in struck]
    expected = {
        "all": {count},
        "majority": {count // 2 + 1},
        "minority": {max(1, (count - 1) // 2)},
        "one": {1},
        "subset": set(range(1, count + 1)),
    }
    assert len(struck) in expected[kind]


def test_named_targets_are_struck_and_no_other() -> None:
    """Every fault of nodes keeps to them."""
    world = World("kill", "deaf", nemesis_targets=("n3", "n1"))
    for name in ("kill", "deaf"):
        plan = world.nemesis.draw(name, Random(1))
        assert plan is not None
        assert plan["nodes"] == ["n1", "n3"]


def started(world: World, name: str) -> list[tuple[int, Any]]:
    return [
        (change.time_ns, change.value)
        for change in world.nemesis.ran
        if change.f in {f"start-{name}", f"stop-{name}"}
    ]


def test_every_fault_comes_and_goes_by_itself() -> None:
    """A fault more or less does not move another one."""
    alone = World("partition", nemesis_interval_s=1.0)
    together = World(*sorted(FAULTS), nemesis_interval_s=1.0)
    for world in (alone, together):
        world.nemesis.start()
        world.wait(60_000)
        world.nemesis.stop()
    assert started(alone, "partition") == started(together, "partition")
    for name in FAULTS:
        changes = started(together, name)
        assert [value is None for _, value in changes[:4]] == [False, True] * 2
        times = [time for time, _ in changes]
        assert times[0] < 1e9
        gaps = [b - a for a, b in pairwise(times)]
        assert all(MS <= gap < 2e9 for gap in gaps)
        assert 0.7e9 < sum(gaps) / len(gaps) < 1.3e9


def test_phases_are_one_fault_each_between_barriers() -> None:
    """Barrier, fault for an interval, heal, barrier; all have a turn before a second."""
    world = World("deaf", "kill", nemesis_interval_s=1.0, nemesis_schedule="phases")
    world.nemesis.start()
    for _ in range(4):
        assert len(world.waiting) == 1
        assert world.nemesis.in_force is None
        world.wait(500)
        world.waiting.pop()()
        world.wait(999)
        assert world.nemesis.in_force is not None
        world.wait(1)
    fs = [change.f for change in world.nemesis.ran]
    assert fs[::3] == ["barrier"] * 5
    assert sorted(fs[1:6:3]) == sorted(fs[7:12:3]) == ["start-deaf", "start-kill"]
    waits = [value for value in world.events_of("barrier") if value is not None]
    assert waits == [{"waited_ns": 500 * MS}] * 4
    world.nemesis.stop()
    world.waiting.pop()()
    assert len(world.nemesis.ran) == len(fs), "it is over"


@pytest.mark.parametrize("schedule", ["interval", "phases"])
def test_a_replay_does_the_same_at_the_same_times(schedule: str) -> None:
    """What ran once runs again from the spec, value by value."""
    first = World(
        *sorted(FAULTS), nemesis_interval_s=1.0, nemesis_schedule=schedule, seed=3
    )
    go_on(first)
    saved = json.dumps([[c.time_ns, c.f, c.value] for c in first.nemesis.ran])
    changes = tuple(Change(*change) for change in json.loads(saved))
    second = World(schedule=changes, seed=9)
    go_on(second)
    assert len(changes) > 20
    assert second.nemesis.ran == first.nemesis.ran
    assert second.done == first.done


def go_on(world: World) -> None:
    """Let 20 seconds pass; a barrier takes up to 100 ms."""
    world.nemesis.start()
    for _ in range(200):
        world.wait(100)
        if world.waiting:
            world.waiting.pop()()
    world.nemesis.stop()


def test_a_schedule_with_an_unknown_fault_is_refused() -> None:
    """The error says what there is."""
    with pytest.raises(UsageError, match="no fault 'rain'; take clock, deaf"):
        World(schedule=(Change(0, "start-rain"),))


def test_stopping_heals_everything_and_ends_the_schedule() -> None:
    """After the stop nothing is in force, and nothing comes any more."""
    world = World(*sorted(FAULTS), nemesis_interval_s=0.1)
    world.nemesis.start()
    world.wait(1000)
    assert world.nemesis.in_force is not None
    world.nemesis.stop()
    count = len(world.nemesis.ran)
    assert world.nemesis.in_force is None
    world.wait(10_000)
    assert len(world.nemesis.ran) == count
    effects = world.nemesis.effects()
    assert set(effects) == set(FAULTS)
    for name, effect in effects.items():
        ends = world.events_of(f"stop-{name}")[1::2]
        assert effect["times"] == len(ends)
        assert effect["effective"] == sum(any(end.values()) for end in ends)


@pytest.mark.parametrize("step", ["kill", "restart"])
def test_a_fault_that_fails_is_noted_and_the_others_heal(
    monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whatever goes wrong in a fault, the run goes on and the rest is healed."""

    def fail(*_: Any, **__: Any) -> bool:
        raise OSError("no more processes")

    world = World("kill", "deaf", "pause")
    monkeypatch.setattr(world, step, fail)
    world.nemesis.start()
    world.begin("deaf", nodes=["n1"])
    world.begin("kill", nodes=["n1"], disk={})
    world.begin("pause", nodes=["n1"])
    world.nemesis.stop()
    assert world.nemesis.in_force is None
    assert ("resume", "n1") in world.done
    world.talk(1)
    assert len(world.heard("n1")) == 4
    (problem,) = world.problems.all()
    assert problem.kind == "fault-failed"
    assert "no more processes" in problem.sentence
    errors = [v for v in world.events_of("") if isinstance(v, dict) and "error" in v]
    assert [error["error"] for error in errors] == ["OSError: no more processes"]


def test_faults_are_described_by_a_sentence_each() -> None:
    """The catalogue is complete."""
    assert NEMESES.keys() == FAULTS.keys()
    assert all(doc and not doc.endswith(".") for doc in NEMESES.values())
