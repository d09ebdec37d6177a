"""Histories of the objects of `corpus_objects` and `corpus_queues`, by the recorder of this project.

Who goes on next, what is lost, and what errs is drawn from a seed, so that a history
comes out the same whenever it is recorded. An operation of a client takes effect at one
instant between its call and its return; of one that is lost nobody learns whether it
has. Copies of an object learn of updates one by one, in an order that is kept or not.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from corpus_erring import FAULTS, Erring
from corpus_objects import Refused, Thing
from corpus_queues import THINGS, Semaphore

from checkers.ladder import LEVELS
from harness.cases import Case, HowChecked, keep
from histories import Recording


if TYPE_CHECKING:
    from histories import RecordedOperation

MS = 1_000_000
RETIREMENT = 1_000
"""What a recording adds to the number of a process that goes on after a loss."""

MODELS = tuple(LEVELS)
REPLICATED = ("register", "kv", "g-counter", "growing-set", "append-list", "pn-counter")
"""Objects of which there are copies."""

DELIVERIES = ("total", "causal", "fifo", "any")
"""In which order copies learn of updates: in one, as they followed, as each issued
them, or in none."""


class Client:
    """A client with at most one operation under way.

    Attributes:
        process: Its number.
        deed: The function and the value; None if nothing is under way.
        operation: How that is recorded.
        answer: What came of it, once it has taken effect.
        state: `called`, `done` or `refused`.
    """

    def __init__(self, process: int) -> None:
        self.process = process
        self.deed: tuple[str, Any] | None = None
        self.operation: RecordedOperation | None = None
        self.answer: Any = None
        self.state = "called"


class Update(NamedTuple):
    """An update that copies learn of.

    Attributes:
        number: Its number, in the order in which they were issued.
        origin: The copy that took it.
        known: Updates that this copy had then.
        deed: The function and the value.
        process: Who did it.
    """

    number: int
    origin: int
    known: frozenset[int]
    deed: tuple[str, Any]
    process: int


class Copies:
    """Copies of an object, each with the updates that it has learnt of.

    Attributes:
        roams: Whether a client asks another copy each time.
        own_first: Whether a copy does at once what it takes itself.
    """

    def __init__(
        self, kind: type[Thing], count: int, delivery: str, rng: Random
    ) -> None:
        self.things = [kind() for _ in range(count)]
        self.roams = rng.random() < 0.25
        self.own_first = delivery != "total"
        self._delivery, self._rng = delivery, rng
        self._updates: list[Update] = []
        self._has: list[set[int]] = [set() for _ in range(count)]
        self._pace = rng.choice((0.2, 0.5, 0.8))

    def do(self, f: str, value: Any, process: int, most: int) -> Any:  # noqa: ARG002 # as in Erring
        """Do an operation at a copy, after some of what it has not learnt yet."""
        copy = self._rng.randrange(len(self.things)) if self.roams else process
        copy = copy % RETIREMENT % len(self.things)
        while self._rng.random() < self._pace and self._learn(copy):
            pass
        thing = self.things[copy]
        if f not in thing.blind:
            return thing.do(f, value, process)
        known = frozenset(self._has[copy])
        self._updates.append(
            Update(len(self._updates), copy, known, (f, value), process)
        )
        if self.own_first:
            self._take(copy, self._updates[-1])
        return value

    def _learn(self, copy: int) -> bool:
        """Let a copy learn of one more update, if there is one that it may."""
        has = self._has[copy]
        ready = [one for one in self._updates if one.number not in has]
        if self._delivery == "total":
            ready = ready[:1]
        elif self._delivery == "causal":
            ready = [one for one in ready if one.known <= has]
        elif self._delivery == "fifo":
            origins = {one.origin: one for one in reversed(ready)}
            ready = list(origins.values())
        if not ready:
            return False
        self._take(copy, self._rng.choice(ready))
        return True

    def _take(self, copy: int, update: Update) -> None:
        self._has[copy].add(update.number)
        self.things[copy].do(*update.deed, update.process)


def object_case(name: str, seed: int, *, errs: bool = True) -> Case:
    """Return the case of an object that errs, or of the same one if it does not."""
    rng = Random(f"object/{name}/{seed}")
    chance = Random(f"errs/{name}/{seed}")
    kind = THINGS[name]
    fault = chance.choice((*FAULTS, "untrue", "untrue")) if errs else None
    thing = Erring(kind(), chance, fault, often=chance.random() < 0.2)
    two = not kind.keyed and rng.random() < 0.12 and name != "multi-register"
    declared = rng.choice(MODELS[:4])
    others = [thing, Erring(kind(), chance, None)][: 1 + two]
    recording = _record(rng, others)
    options: dict[str, Any] = {}
    if kind.model in {"cas-register", "kv"} and rng.random() < 0.3:
        options["failed_cas"] = rng.choice(("assert", "drop"))
    if kind.model in {"register", "cas-register"} and rng.random() < 0.15:
        options["nil_read"] = "unknown"
    if kind.model == "semaphore":
        options["init"] = Semaphore.permits
    if two:
        options["independent"] = True
    check = HowChecked(
        model=kind.model,
        consistency_models=() if rng.random() < 0.6 else (declared,),
        has_times=rng.random() < 0.9,
        **options,
    )
    origin: dict[str, Any] = {"object": name, "seed": seed}
    if thing.erred:
        origin["errs"] = thing.erred
    return keep(recording.history(), check, origin=origin, full=True)


def copies_case(name: str, seed: int) -> Case:
    """Return the case of an object that has copies."""
    rng = Random(f"copies/{name}/{seed}")
    delivery = rng.choice(DELIVERIES)
    copies = Copies(THINGS[name], rng.choice((2, 2, 3)), delivery, rng)
    recording = _record(rng, [copies])
    check = HowChecked(
        model=THINGS[name].model,
        consistency_models=(rng.choice(MODELS),) if rng.random() < 0.8 else MODELS[1:2],
    )
    origin = {"object": name, "copies": len(copies.things), "delivery": delivery}
    origin |= {"clients": "roam"} if copies.roams else {}
    return keep(recording.history(), check, origin={**origin, "seed": seed}, full=True)


def _record(rng: Random, objects: list[Any]) -> Recording:
    """Let clients do operations on objects until there are enough."""
    now = [0]
    recording = Recording(clock=lambda: now[0])
    pace = rng.choice((0, 1, 1, 3))
    clients = [Client(number) for number in range(rng.choice((1, 2, 2, 3, 3, 4)))]
    left = rng.randint(2, 9)
    most = rng.choice((99, 99, 99, 2, 3))
    lost = rng.choice((0.0, 0.0, 0.12, 0.3))
    haste = rng.choice((0.0, 0.5, 0.9))
    fresh, client = 1, clients[0]
    while left or any(one.deed for one in clients):
        if not (client.deed and rng.random() < haste):
            client = rng.choice(clients)
        now[0] += rng.randint(0, pace) * MS
        if client.deed is None:
            if left:
                _call(client, recording, objects, rng, fresh, most)
                fresh, left = fresh + 1, left - 1
        elif client.state != "called":
            _return(client)
        elif rng.random() < lost:
            if rng.random() < 0.5:
                _take_effect(client, objects, min(most, fresh))
            assert client.operation is not None, "it has been called"
            client.operation.info("lost")
            client.deed = None
        else:
            _take_effect(client, objects, min(most, fresh))
    return recording


def _call(
    client: Client,
    recording: Recording,
    objects: list[Any],
    rng: Random,
    fresh: int,
    most: int,
) -> None:
    number = rng.randrange(len(objects))
    thing = objects[number].thing if hasattr(objects[number], "thing") else None
    thing = thing or objects[number].things[0]
    f, value = thing.draw(rng, fresh, most)
    if len(objects) > 1:
        value = [f"k{number}", value]
    client.deed = f, value
    client.state = "called"
    client.operation = recording.operation(f, value, process=client.process)
    client.operation.__enter__()


def _take_effect(client: Client, objects: list[Any], most: int) -> None:
    assert client.deed is not None, "it has been called"
    f, value = client.deed
    chosen, pair = objects[0], len(objects) > 1
    if pair:
        chosen, value = objects[int(value[0][1:])], value[1]
    assert client.operation is not None, "it has been called"
    process = client.operation.process
    assert process is not None, "it has begun"
    try:
        answer = chosen.do(f, value, process, most)
        client.answer = [client.deed[1][0], answer] if pair else answer
        client.state = "done"
    except Refused:
        client.state = "refused"


def _return(client: Client) -> None:
    assert client.operation is not None, "it has been called"
    if client.state == "done":
        client.operation.ok(client.answer)
    else:
        client.operation.fail("refused")
    client.deed = None
