"""Random problems of the kind that each test is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from checkers.models import (
    AppendList,
    CasRegister,
    FifoQueue,
    KeyValue,
    OwnedMutex,
    PnCounter,
    PriorityQueue,
    Set,
    Stack,
    UnorderedQueue,
)
from checkers.search import PROGRAM, REAL_TIME, relaxed

from .drawn import draw, problem_of
from .things import (
    Box,
    BrokenLock,
    Counter,
    Gathering,
    Growing,
    Lock,
    Members,
    Pile,
    Ranked,
    Store,
    TellingCounter,
    Thing,
    UniqueRegister,
)


if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from checkers.models import Model
    from checkers.search import Order, Problem


class Kind(NamedTuple):
    """What to draw for a test.

    Attributes:
        method: The test.
        thing: Returns a data type and its model.
        orders: Returns an order.
        options: Those of `problems`.
    """

    method: str
    thing: Callable[[Random], tuple[Thing, Model[Any]]]
    orders: Callable[[Random], Order]
    options: Callable[[Random], dict[str, Any]] = lambda _: {}

    def problem(self, rng: Random) -> tuple[Problem, Order]:
        """Return a problem and what to ask of it."""
        thing, model = self.thing(rng)
        order = self.orders(rng)
        history = draw(
            rng,
            thing,
            operations=rng.randrange(2, 11),
            clients=rng.randrange(1, 6),
            lost=rng.choice((0, 0, 0.1, 0.3)),
            wrong=rng.choice((0, 1, 1, 2, 3, 5)),
            real_time=order != PROGRAM or rng.random() < 0.3,
        )
        return problem_of(history, model, **self.options(rng)), order


def _register(rng: Random) -> tuple[Thing, Model[Any]]:
    swaps, again = rng.choice((0, 0, 0.3, 0.6)), rng.choice((0, 0, 0.15))
    return UniqueRegister(swaps=swaps, again=again), CasRegister(0)


def _store(rng: Random) -> tuple[Thing, Model[Any]]:
    keys = rng.choice((1, 2, 2, 3))
    swaps, again = rng.choice((0, 0, 0, 0.3)), rng.choice((0, 0, 0, 0.1))
    return Store(keys=keys, swaps=swaps, again=again), KeyValue(0)


def _equal_deltas(rng: Random) -> tuple[Thing, Model[Any]]:
    initial = rng.choice((0, 0, 5))
    deltas = rng.choice(([1], [1], [3], [1, 0], [-2]))
    return Counter(deltas, initial=initial), PnCounter(initial)


def _deltas(rng: Random) -> tuple[Thing, Model[Any]]:
    initial = rng.choice((0, 0, 5))
    deltas = rng.choice(([1], [1, 2], [3, 5, 2], [1, 0, 7], [-2, -3]))
    return Counter(deltas, initial=initial), PnCounter(initial)


def _telling_deltas(rng: Random) -> tuple[Thing, Model[Any]]:
    initial = rng.choice((0, 0, 5))
    return TellingCounter(signs=rng.random() < 0.5, initial=initial), PnCounter(initial)


def _members(rng: Random) -> tuple[Thing, Model[Any]]:
    present = rng.random() < 0.4
    return Members(present=present), Set([0] if present else [])


def _gathering(rng: Random) -> tuple[Thing, Model[Any]]:
    initial = rng.choice(([], [], [0], [0, 1]))
    return Gathering(initial=initial, again=rng.choice((0, 0, 0.2))), Set(initial)


def _lock(rng: Random) -> tuple[Thing, Model[Any]]:
    return rng.choice((Lock, BrokenLock))(rude=rng.choice((0, 0, 0.05))), OwnedMutex()


def _growing(rng: Random) -> tuple[Thing, Model[Any]]:
    initial = rng.choice(([], [], [0], [0, 1]))
    return Growing(initial=initial, again=rng.choice((0, 0, 0.1))), AppendList(initial)


def _boxed(
    box: Callable[..., Box],
    model: Callable[[Any], Model[Any]],
    inserting: str,
    removing: str,
    initials: tuple[list[Any], ...] = ([], [], ["a"], ["a", "b"]),
) -> Callable[[Random], tuple[Thing, Model[Any]]]:
    def thing(rng: Random) -> tuple[Thing, Model[Any]]:
        initial = rng.choice(initials)
        again, inserts = rng.choice((0, 0, 0, 0.2)), rng.choice((0.3, 0.5, 0.6, 0.7))
        return (
            box(inserting, removing, initial=initial, again=again, inserts=inserts),
            model(initial),
        )

    return thing


def _real_time(_: Random) -> Order:
    return REAL_TIME


def _program(_: Random) -> Order:
    return PROGRAM


def _behind(rng: Random) -> Order:
    return rng.choice((PROGRAM, relaxed(rng.randrange(12))))


def _any(rng: Random) -> Order:
    return rng.choice((REAL_TIME, REAL_TIME, PROGRAM, relaxed(rng.randrange(12))))


def _strict(rng: Random) -> Order:
    return rng.choice((REAL_TIME, REAL_TIME, PROGRAM))


def _failed_cas(rng: Random) -> dict[str, Any]:
    return {"failed_cas": rng.random() < 0.5}


def _jointly(rng: Random) -> dict[str, Any]:
    return {"partition": False, **_failed_cas(rng)}


RANKED = ([], [], [[1, "a"]], [[1, "a"], [1, "b"], [0, "c"]])

KINDS = {
    "zones": Kind("zones", _register, _real_time, _failed_cas),
    "clusters": Kind("clusters", _register, _behind, _failed_cas),
    "registers": Kind("registers", _store, _program, _jointly),
    "counter": Kind("counter", _equal_deltas, _real_time),
    "counter-levels": Kind("counter-levels", _equal_deltas, _program),
    "counter-ranks": Kind("counter-ranks", _telling_deltas, _any),
    "counter-search": Kind("counter-search", _deltas, _program),
    "set-element": Kind("set-element", _members, _real_time),
    "growing-set": Kind(
        "growing-set", _gathering, _any, lambda _: {"partition": False}
    ),
    "owned-mutex": Kind("owned-mutex", _lock, _strict),
    "append-list": Kind("append-list", _growing, _any),
    "fifo-queue": Kind(
        "fifo-queue", _boxed(Box, FifoQueue, "enqueue", "dequeue"), _real_time
    ),
    "stack": Kind("stack", _boxed(Pile, Stack, "push", "pop"), _real_time),
    "bag": Kind(
        "priority-queue", _boxed(Box, UnorderedQueue, "enqueue", "dequeue"), _real_time
    ),
    "priority-queue": Kind(
        "priority-queue",
        _boxed(Ranked, PriorityQueue, "insert", "poll", RANKED),
        _real_time,
    ),
}
