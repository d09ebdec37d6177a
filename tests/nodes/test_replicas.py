"""The programs on the replicated types, in a network that does its worst.

Each test keeps its own book of what clients were told, and derives from that what all
nodes have to agree on in the end.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from nodes.delta_or_set import DeltaORSet
from nodes.dvv_register import DVVRegister
from nodes.lww_set import LWWSetNode
from nodes.mv_register import MVRegisterNode
from nodes.op_or_set import OpORSet
from nodes.op_rga import OpRGA
from nodes.or_set import ORSetNode
from nodes.or_set_optimised import OptimisedORSetNode
from nodes.rga import RGANode
from nodes.shopping_cart import ShoppingCartNode
from nodes.tradeoffs import Tradeoffs
from nodes.two_phase_set import TwoPhaseSetNode
from nodes.vv_register import VVRegister


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nodes.replica import Replica
    from nodes.runtime import Body, Node

    from .conftest import World

every_seed = pytest.mark.parametrize("seed", range(8))
tagged = pytest.mark.parametrize(
    "node", [ORSetNode, OptimisedORSetNode, DeltaORSet, OpORSet]
)
every_text = pytest.mark.parametrize("node", [RGANode, OpRGA])
every_set = pytest.mark.parametrize(
    "node", [ORSetNode, OptimisedORSetNode, OpORSet, LWWSetNode, TwoPhaseSetNode]
)
REPLICAS: Mapping[type[Replica], tuple[str, Body]] = {
    DeltaORSet: ("or_set_add", {"element": 1}),
    DVVRegister: ("vv_write", {"key": "x", "value": 1}),
    LWWSetNode: ("or_set_add", {"element": 1}),
    MVRegisterNode: ("mv_write", {"key": "x", "value": 1}),
    ORSetNode: ("or_set_add", {"element": 1}),
    OptimisedORSetNode: ("or_set_add", {"element": 1}),
    RGANode: ("seq_insert", {"position": 0, "char": "a"}),
    ShoppingCartNode: ("cart_add", {"item": "milk", "qty": 1}),
    TwoPhaseSetNode: ("or_set_add", {"element": 1}),
    VVRegister: ("vv_write", {"key": "x", "value": 1}),
}
"""Each program with a request that changes its state."""

every_replica = pytest.mark.parametrize("node", REPLICAS)


def state(cluster: World, name: str = "n1") -> Any:
    """Return the whole state of a node as JSON data."""
    node: Any = cluster.nodes[name]
    return node.encode()


class Storm:
    """Five nodes under loss, copies, reordering, partitions, kills and wrong clocks."""

    def __init__(
        self,
        world: type[World],
        node: type[Node],
        seed: int,
        act: Callable[[Storm, str], None],
        *,
        steps: int = 60,
    ) -> None:
        self.rng = Random(seed)
        self.cluster = world(
            node,
            seed=seed,
            latency_ms=lambda rng: rng.expovariate(1 / 20),
            loss=0.2,
            duplication=0.2,
        )
        self.names = list(self.cluster.nodes)
        down: set[str] = set()
        for step in range(steps):
            if step % 15 == 0:
                self.cluster.heal()
                self.cluster.isolate(
                    *self.rng.sample(self.names, self.rng.randrange(1, 5))
                )
                shift_ns = int(self.rng.uniform(-3e9, 3e9))
                self.cluster.offsets_ns[self.rng.choice(self.names)] = shift_ns
            if step % 10 == 5:
                down = set(self.rng.sample(self.names, 2))
                for name in sorted(down):
                    self.cluster.kill(name)
            if step % 10 == 8:
                for name in sorted(down):
                    self.cluster.restart(name)
                down = set()
                self.cluster.run(0)
            act(self, self.rng.choice([n for n in self.names if n not in down]))
            self.cluster.run(self.rng.uniform(0, 0.05))
        for name in sorted(down):
            self.cluster.restart(name)
        self.cluster.heal()
        self.cluster.run(3)

    def ask(self, name: str, kind: str, *, client: str = "c1", **fields: Any) -> Body:
        """Send a request of a client, and wait for the reply."""
        self.cluster._msg_id += 1
        body = {"type": kind, "msg_id": self.cluster._msg_id, **fields}
        self.cluster._put(0, {"src": client, "dest": name, "body": body})
        reply = None
        while reply is None:
            self.cluster._step(self.cluster.now_ns)
            reply = self.cluster.reply_to(body["msg_id"])
        assert reply["type"] == f"{kind}_ok", reply
        return reply

    def agreed(self, kind: str, **fields: Any) -> Body:
        """Return what all nodes answer alike."""
        answers = [self.ask(name, kind, **fields) for name in self.names]
        for answer in answers:
            del answer["in_reply_to"], answer["msg_id"]
            assert answer == answers[0]
        return answers[0]


@every_seed
@tagged
def test_or_sets_keep_the_adds_that_no_remove_has_seen(
    world: type[World], node: type[Node], seed: int
) -> None:
    """What the tags in the replies say is what all nodes show in the end."""
    alive: dict[str, int] = {}
    tags: list[str] = []
    removed: set[str] = set()

    def act(storm: Storm, name: str) -> None:
        element = storm.rng.randrange(4)
        if storm.rng.random() < 0.6:
            tag = storm.ask(name, "or_set_add", element=element)["tag"]
            tags.append(tag)
            alive[tag] = element
        else:
            gone = storm.ask(name, "or_set_remove", element=element)["tags_removed"]
            assert {alive[tag] for tag in gone} <= {element}
            removed.update(gone)
            shown = storm.ask(name, "or_set_contains", element=element)
            assert not shown["contains"]

    storm = Storm(world, node, seed, act)
    assert len(set(tags)) == len(tags)
    final = storm.agreed("or_set_read")
    left = {tag: e for tag, e in alive.items() if tag not in removed}
    assert final["elements"] == sorted(set(left.values()))
    for name in storm.names:
        for element in range(4):
            due = {tag for tag, e in left.items() if e == element}
            gone = storm.ask(name, "or_set_remove", element=element)["tags_removed"]
            assert set(gone) == (due if name == storm.names[0] else set())
        storm.cluster.run(1)


@every_seed
def test_two_phase_sets_never_take_back_a_remove(world: type[World], seed: int) -> None:
    """An element that was in and removed is out for good; the others are in."""
    added: set[int] = set()
    removed: set[int] = set()

    def act(storm: Storm, name: str) -> None:
        element = storm.rng.randrange(20)
        if storm.rng.random() < 0.7:
            storm.ask(name, "or_set_add", element=element)
            added.add(element)
        elif storm.ask(name, "or_set_contains", element=element)["contains"]:
            storm.ask(name, "or_set_remove", element=element)
            removed.add(element)
        shown = storm.ask(name, "or_set_read")["elements"]
        assert set(shown) <= added

    storm = Storm(world, TwoPhaseSetNode, seed, act)
    assert set(storm.agreed("or_set_read")["elements"]) == added - removed


@every_seed
def test_lww_sets_agree_on_one_of_the_last_updates(
    world: type[World], seed: int
) -> None:
    """An update is seen at once where it was made, and what wins is the same for all."""

    def act(storm: Storm, name: str) -> None:
        element = storm.rng.randrange(4)
        kind = storm.rng.choice(["or_set_add", "or_set_remove"])
        storm.ask(name, kind, element=element)
        shown = storm.ask(name, "or_set_read")["elements"]
        assert (element in shown) == (kind == "or_set_add")
        wanted.update({element: wanted.get(element, set()) | {kind}})

    wanted: dict[int, set[str]] = {}
    storm = Storm(world, LWWSetNode, seed, act)
    final = storm.agreed("or_set_read")["elements"]
    for element, kinds in wanted.items():
        assert ("or_set_add" if element in final else "or_set_remove") in kinds


@every_seed
def test_mv_registers_keep_what_nobody_has_overwritten(
    world: type[World], seed: int
) -> None:
    """The values in the end are those whose clocks are below no other clock."""
    clocks: dict[tuple[str, int], dict[str, int]] = {}

    def act(storm: Storm, name: str) -> None:
        key = storm.rng.choice("xy")
        value = len(clocks)
        clock = storm.ask(name, "mv_write", key=key, value=value)["vclock"]
        assert clock not in [c for (k, _), c in clocks.items() if k == key]
        clocks[key, value] = clock
        shown = storm.ask(name, "mv_read", key=key)["values"]
        assert shown == [{"value": value, "vclock": clock}]

    def is_below(a: dict[str, int], b: dict[str, int]) -> bool:
        return a != b and all(n <= b.get(node, 0) for node, n in a.items())

    storm = Storm(world, MVRegisterNode, seed, act)
    for key in "xy":
        own = {v: clock for (k, v), clock in clocks.items() if k == key}
        best = {v for v in own if not any(is_below(own[v], c) for c in own.values())}
        shown = storm.agreed("mv_read", key=key)["values"]
        assert {entry["value"]: entry["vclock"] for entry in shown} == {
            value: own[value] for value in best
        }


class Writers:
    """Clients of a register who say what they have seen, and the book of it."""

    def __init__(self, *, is_blind: bool, is_roaming: bool) -> None:
        self.is_blind = is_blind
        self.is_roaming = is_roaming
        self.contexts: dict[str, dict[str, int]] = {}
        self.sources: dict[str, set[int]] = {}
        self.histories: list[set[int]] = []

    def act(self, storm: Storm, name: str) -> None:
        """Let a client read, forget what it has seen, or write."""
        home = storm.names.index(name)
        client = f"c{storm.rng.randrange(6) if self.is_roaming else home}"
        context = self.contexts.setdefault(client, {})
        sources = self.sources.setdefault(client, set())
        choice = storm.rng.random()
        if choice < 0.4:
            reply = storm.ask(name, "vv_read", client=client, key="x")
            assert reply["conflict"] == (len(reply["values"]) > 1)
            if self.is_blind and storm.rng.random() < 0.5:
                context.clear()
                sources.clear()
            for entry in reply["values"]:
                sources |= self.histories[entry["value"]]
                for actor, n in entry["vc"].items():
                    context[actor] = max(n, context.get(actor, 0))
        elif choice < 0.5 and self.is_blind:
            context.clear()
            sources.clear()
        else:
            value = len(self.histories)
            fields = {"key": "x", "value": value, "context": dict(context)}
            reply = storm.ask(name, "vv_write", client=client, **fields)
            self.histories.append({value} | sources)
            if self.is_blind and storm.rng.random() < 0.5:
                return  # the client goes on as if it had not written
            self.contexts[client] = reply["vc"]
            self.sources[client] = {value} | sources

    def last(self) -> set[int]:
        """Return the values that no later writer had seen."""
        below = (h - {value} for value, h in enumerate(self.histories))
        return set(range(len(self.histories))).difference(*below)


@every_seed
@pytest.mark.parametrize(
    ("node", "is_blind", "is_roaming"),
    [
        (VVRegister, False, False),
        (VVRegister, False, True),
        (VVRegister, True, False),
        (DVVRegister, False, True),
        (DVVRegister, True, True),
    ],
)
def test_writes_replace_what_their_context_covers(
    world: type[World],
    node: type[Node],
    seed: int,
    *,
    is_blind: bool,
    is_roaming: bool,
) -> None:
    """No concurrent write is lost, and no overwritten value is seen again."""
    writers = Writers(is_blind=is_blind, is_roaming=is_roaming)
    storm = Storm(world, node, seed, writers.act)
    shown = [entry["value"] for entry in storm.agreed("vv_read", key="x")["values"]]
    assert sorted(shown) == sorted(writers.last())


@every_seed
def test_lww_mode_shows_one_value_that_nobody_has_overwritten(
    world: type[World], seed: int
) -> None:
    """Clocks may be wrong by seconds: what is lost was concurrent all the same."""
    writers = Writers(is_blind=False, is_roaming=True)

    def act(storm: Storm, name: str) -> None:
        storm.ask(name, "set_mode", mode="lww")
        writers.act(storm, name)

    storm = Storm(world, VVRegister, seed, act)
    for name in storm.names:
        storm.ask(name, "set_mode", mode="lww")
    final = storm.agreed("vv_read", key="x")
    assert len(final["values"]) == 1
    assert not final["conflict"]
    assert final["values"][0]["value"] in writers.last()


@every_seed
@every_text
def test_texts_obey_the_strong_list_specification(
    world: type[World], node: type[Node], seed: int
) -> None:
    """All reads fit into one order, edits land where they were made, nothing is lost."""
    inserted: set[str] = set()
    deleted: set[str] = set()
    ids: list[str] = []
    texts: list[str] = []

    def act(storm: Storm, name: str) -> None:
        before = storm.ask(name, "seq_read")["text"]
        if before and storm.rng.random() < 0.3:
            at = storm.rng.randrange(len(before))
            storm.ask(name, "seq_delete", position=at)
            deleted.add(before[at])
            expected = before[:at] + before[at + 1 :]
        else:
            at = storm.rng.randrange(len(before) + 1)
            char = chr(0xE000 + len(ids))
            reply = storm.ask(name, "seq_insert", position=at, char=char)
            ids.append(reply["id"])
            inserted.add(char)
            expected = before[:at] + char + before[at:]
        reply = storm.ask(name, "seq_read")
        assert reply["text"] == expected
        assert reply["length"] == len(expected)
        texts.extend([before, expected])

    storm = Storm(world, node, seed, act)
    final = storm.agreed("seq_read")["text"]
    assert len(set(ids)) == len(ids)
    assert len(set(final)) == len(final)
    assert set(final) == inserted - deleted
    order: TopologicalSorter[str] = TopologicalSorter()
    for text in [*texts, final]:
        for left, right in pairwise(text):
            order.add(right, left)
    order.prepare()  # raises an error if there is a cycle


@every_seed
def test_carts_lose_nothing_that_nobody_has_removed(
    world: type[World], seed: int
) -> None:
    """Quantities of concurrent adds are summed; a remove takes what its node knew."""
    added: dict[str, int] = {}
    touched: set[str] = set()

    def act(storm: Storm, name: str) -> None:
        item = storm.rng.choice(["milk", "bread", "eggs", "salt"])
        choice = storm.rng.random()
        if choice < 0.7 or item == "milk":
            quantity = 4 ** storm.rng.randrange(5)
            storm.ask(name, "cart_add", item=item, qty=quantity)
            added[item] = added.get(item, 0) + quantity
        else:
            storm.ask(name, "cart_remove", item=item)
            touched.add(item)
            view = storm.ask(name, "cart_view")
            assert item not in [line["item"] for line in view["items"]]

    storm = Storm(world, ShoppingCartNode, seed, act)
    view = storm.agreed("cart_view")
    items = {line["item"]: line["qty"] for line in view["items"]}
    assert view["total_items"] == len(view["items"]) == len(items)
    for item, quantity in added.items():
        if item in touched:
            assert items.get(item, 0) <= quantity
        else:
            assert items[item] == quantity


def test_concurrent_adds_and_removes_of_a_cart_both_survive(
    world: type[World],
) -> None:
    """A remove on one side of a partition leaves alone what the other side adds."""
    cluster = world(ShoppingCartNode, ["n1", "n2"])
    cluster.request("n1", "cart_add", item="milk", qty=1)
    cluster.request("n1", "cart_add", item="eggs", qty=6)
    cluster.run(1)
    cluster.isolate("n1")
    cluster.request("n1", "cart_remove", item="milk")
    cluster.request("n2", "cart_add", item="milk", qty=2)
    cluster.request("n2", "cart_remove", item="eggs")
    cluster.heal()
    cluster.run(1)
    for name in ("n1", "n2"):
        items = cluster.request(name, "cart_view")["items"]
        assert items == [{"item": "milk", "qty": 2}]


@every_replica
def test_what_was_acknowledged_survives_a_kill(
    world: type[World], node: type[Replica]
) -> None:
    """A node alone that is killed right after a reply knows of the update."""
    kind, fields = REPLICAS[node]
    cluster = world(node, ["n1"])
    cluster.request("n1", kind, **fields)
    kept = state(cluster)
    cluster.kill("n1")
    cluster.restart("n1")
    cluster.run(0)
    assert state(cluster) == kept


@every_replica
def test_a_node_that_lost_its_disk_is_somebody_else(
    world: type[World], node: type[Replica]
) -> None:
    """It never gives a name again that it gave before; with the disk it stays itself."""
    cluster = world(node, ["n1"])
    actors = []
    for disk in ("kept", "kept", "lost", "kept", "lost"):
        cluster.kill("n1")
        cluster.restart("n1", disk=disk)
        cluster.run(0)
        actors.append(cluster.disks["n1"].read("actor"))
    assert actors == ["n1", "n1", "n1.3", "n1.3", "n1.5"]


@every_replica
def test_updates_are_told_at_once_and_once_more_by_gossip(
    world: type[World], node: type[Replica]
) -> None:
    """Whole states to two peers, or to each peer what is new."""
    kind, fields = REPLICAS[node]
    cluster = world(node, ["n1", "n2", "n3", "n4", "n5"])
    cluster.request("n1", kind, **fields)
    tells_all = node in {DeltaORSet, MVRegisterNode}
    assert len(cluster.sent) == (4 if tells_all else 2)
    cluster.run(0)
    states = [state(cluster, name) for name in cluster.nodes]
    assert states.count(states[0]) == (5 if tells_all else 3)
    cluster.sent.clear()
    cluster.run(1)
    assert len(cluster.sent) == 10 * 2 * 5
    assert cluster.request("n1", "gossip_status")["peers_synced"] == 4


def test_a_state_brings_its_past_and_a_delta_does_not(world: type[World]) -> None:
    """Who hears of the second add by a delta need not have heard of the first."""
    for node, shown in ((ORSetNode, [1, 2]), (DeltaORSet, [2])):
        cluster = world(node, ["n1", "n2"])
        cluster.isolate("n1")
        cluster.request("n1", "or_set_add", element=1)
        cluster.heal()
        cluster.request("n1", "or_set_add", element=2)
        assert cluster.request("n2", "or_set_read")["elements"] == shown


@every_replica
def test_what_is_no_state_is_refused(world: type[World], node: type[Replica]) -> None:
    """A malformed state is an error, and changes nothing."""
    cluster = world(node, ["n1"])
    before = state(cluster)
    for other in (None, 7, {"x": 7}, {"live": {"x": 1}}, [1], {"x": [7]}):
        assert cluster.request("n1", "replicate", state=other)["code"] == 12
    assert state(cluster) == before


@every_set
def test_sets_tell_json_values_apart(world: type[World], node: type[Node]) -> None:
    """What Python takes for equal may be different elements."""
    cluster = world(node, ["n1"])
    for element in (1, True, 1.0, "1", [1], {"a": 1}):
        cluster.request("n1", "or_set_add", element=element)
    cluster.request("n1", "or_set_add", element=1)
    cluster.request("n1", "or_set_remove", element=True)
    shown = cluster.request("n1", "or_set_read")["elements"]
    assert sorted(map(repr, shown)) == sorted(["1", "1.0", "'1'", "[1]", "{'a': 1}"])


@every_set
def test_an_element_can_be_added_again_except_in_two_phases(
    world: type[World], node: type[Node]
) -> None:
    """A remove is final in a 2P-Set alone."""
    cluster = world(node, ["n1"])
    for kind in ("add", "remove", "add"):
        assert cluster.request("n1", f"or_set_{kind}", element="a")["type"].endswith(
            "_ok"
        )
    shown = cluster.request("n1", "or_set_read")["elements"]
    assert shown == ([] if node is TwoPhaseSetNode else ["a"])


@every_text
def test_a_position_outside_the_text_is_an_error(
    world: type[World], node: type[Node]
) -> None:
    """It fails for certain, and says how long the text is."""
    cluster = world(node, ["n1"])
    cluster.request("n1", "seq_insert", position=0, char="a")
    for kind, position in (("insert", 2), ("insert", -1), ("delete", 1)):
        body = cluster.request("n1", f"seq_{kind}", position=position, char="b")
        assert body["code"] == 22
        assert "text of 1" in body["text"]
    assert cluster.request("n1", "seq_insert", position=1, char="")["code"] == 12
    assert cluster.request("n1", "seq_read")["text"] == "a"


@pytest.mark.parametrize("quantity", [0, -1, 1.5, True, None])
def test_quantities_are_counts(world: type[World], quantity: Any) -> None:
    """A cart has whole quantities above zero."""
    cluster = world(ShoppingCartNode, ["n1"])
    body = cluster.request("n1", "cart_add", item="milk", qty=quantity)
    assert body["code"] == 12
    assert cluster.request("n1", "cart_view")["total_items"] == 0


@pytest.mark.parametrize("node", [VVRegister, DVVRegister])
def test_contexts_and_modes_are_looked_at(world: type[World], node: type[Node]) -> None:
    """What is no context, and what is no mode, is malformed."""
    cluster = world(node, ["n1"])
    for context in (7, {"c1": -1}, {"c1": True}):
        fields = {"key": "x", "value": 1, "context": context}
        assert cluster.request("n1", "vv_write", **fields)["code"] == 12
    assert cluster.request("n1", "set_mode", mode="latest")["code"] == 12
    assert cluster.request("n1", "set_mode", mode="vv")["type"] == "set_mode_ok"
    assert cluster.request("n1", "vv_read", key="x")["values"] == []


def test_the_mode_survives_a_restart(world: type[World]) -> None:
    """A node that was set to show the last write does so after a kill as well.

    The last write is the last that came, even if the clock goes back in between.
    """
    cluster = world(VVRegister, ["n1"])
    cluster.request("n1", "set_mode", mode="lww")
    cluster.kill("n1")
    cluster.restart("n1")
    for value in (2, 1):
        cluster.request("n1", "vv_write", key="x", value=value, context={})
        cluster.offsets_ns["n1"] -= 1_000_000_000
    shown = cluster.request("n1", "vv_read", key="x")
    assert [entry["value"] for entry in shown["values"]] == [1]
    assert not shown["conflict"]


@pytest.mark.parametrize(
    ("partition_rate", "conflict_rate", "recommendation"),
    [(0.5, 0.9, "CRDT"), (0.01, 0.05, "OCC"), (0, 0.3, "OCC"), (0.1, 1, "LOCKING")],
)
def test_tradeoffs_follow_the_rates(
    world: type[World],
    partition_rate: float,
    conflict_rate: float,
    recommendation: str,
) -> None:
    """Partitions call for CRDTs; else conflicts decide between trying and queueing."""
    cluster = world(Tradeoffs, ["n1"])
    rates = {"partition_rate": partition_rate, "conflict_rate": conflict_rate}
    body = cluster.request("n1", "tradeoff_analysis", use_case="carts", **rates)
    assert body["recommendation"] == recommendation
    assert body["reasoning"].startswith("carts ")


@pytest.mark.parametrize("rate", [None, "0.5", True, -0.1, 1.5])
def test_rates_are_parts_of_one(world: type[World], rate: Any) -> None:
    """Anything else is malformed."""
    cluster = world(Tradeoffs, ["n1"])
    body = cluster.request(
        "n1", "tradeoff_analysis", use_case="x", partition_rate=0, conflict_rate=rate
    )
    assert body["code"] == 12
    assert "conflict_rate" in body["text"]
