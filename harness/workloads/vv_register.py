"""Registers whose writers say what they have seen: version vectors, or the last writer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from checkers import check_siblings
from harness.generators import Op
from harness.rpc import Call, Field, Rpc

from ._register_mixes import mixes, numbered
from ._workload import Claim, Modelled, Workload
from .mv_register import expectation


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from checkers import Result
    from checkers.evidence import Evidence
    from harness.generators import Context, Generator, Step
    from histories import Event, History

WRITE = Call(
    Rpc(
        "vv_write",
        "Writes a value over those that the client has seen.",
        request={
            "key": Field("string", "the register"),
            "value": Field("any", "the value, which nobody else writes"),
            "context": Field("object", "the clock of all that the client has seen"),
        },
        reply={"vc": Field("object", "the clock of the write")},
    ),
    arguments=("key", "value", "context"),
    results=("vc",),
)
READ = Call(
    Rpc(
        "vv_read",
        "Asks for the values of a register.",
        request={"key": Field("string", "the register")},
        reply={
            "values": Field("list", "objects of a value and its vc"),
            "conflict": Field("any", "whether there are several", optional=True),
        },
    ),
    arguments=("key",),
    results=("values", "conflict"),
    idempotent=True,
)
SET_MODE = Call(
    Rpc(
        "set_mode",
        "Chooses how the node resolves conflicts: vv keeps all, lww the last.",
        request={"mode": Field("string", "vv or lww")},
    ),
    argument="mode",
)

CLAIM = Claim(
    promise="every acknowledged write is in every node's final reads, unless a write "
    "whose client had seen it replaced it; no value stands beside one that replaced it",
    method="what a write replaces follows from the context that it was given; clocks "
    "are audited apart from the values",
    complete="nothing, of final reads",
    complexity="O(n · siblings)",
)

_Clock = dict[str, int]

_BLIND = 0.5
"""How many of the writes of blind clients are."""

_REMEMBERED = 3
"""How many views from before a blind client may come back to."""


class _Seen(msgspec.Struct, frozen=True):
    """What a client has been told of a register.

    Attributes:
        clock: The clocks of it, taken together.
        replies: The completions that told it: of the last own write that covers all
            that was seen before, and of what came since.
    """

    clock: Mapping[str, int] = {}
    replies: tuple[int, ...] = ()


_Place: TypeAlias = tuple[int, str]
"""A client, by its process, and a register."""

_LATEST = 1 << 62
"""More than any number of a reply."""


class _Clients(msgspec.Struct, frozen=True):
    """Reads and writes of clients who say what they have seen.

    A write covers what its client has seen of the register. A client that does not know
    whether its last write took place goes on as a new one, under a name of its own.
    Clocks that are no plain vectors cannot be taken together: of those, a write gives
    back that of the last reply as it came, if it was one, and covers what came with it.

    Attributes:
        plan: Says who writes or reads what.
        count: How many writes there were.
        seen: What each client has been told of each register, the last of it last.
        blind: Whether writes also say what their client saw a while ago, or nothing.
    """

    plan: Generator
    count: int = 0
    seen: Mapping[_Place, tuple[_Seen, ...]] = {}
    blind: bool = False

    def next(self, context: Context) -> Step:
        op, plan = self.plan.next(context)
        if not isinstance(op, Op):
            return op, msgspec.structs.replace(self, plan=plan)
        processes = {worker.id: worker.process for worker in context.workers}

        def told(write: Op) -> dict[str, Any]:
            assert write.worker is not None, "who writes decides what was seen"
            place = processes[write.worker], write.value["key"]
            seen = self._view(self.seen.get(place, ()), context.rng)
            return {"context": dict(seen.clock), "seen": list(seen.replies)}

        filled, count = numbered(op, self.count, told)
        return filled, msgspec.structs.replace(self, plan=plan, count=count)

    def _view(self, told: tuple[_Seen, ...], rng: Random) -> _Seen:
        """Return what the client says that it has seen."""
        if self.blind and rng.random() < _BLIND:
            return rng.choice((_Seen(), *told))
        return told[-1] if told else _Seen()

    def update(self, context: Context, event: Event, worker: int) -> Generator:
        plan = self.plan.update(context, event, worker)
        seen = self._told(event)
        if plan is self.plan and seen is self.seen:
            return self
        return msgspec.structs.replace(self, plan=plan, seen=seen)

    def _told(self, event: Event) -> Mapping[_Place, tuple[_Seen, ...]]:
        """Return what each client has been told, given one more completion."""
        place = _place(event)
        if place is None:
            return self.seen
        told_before = self.seen.get(place, (_Seen(),))
        seen = _seen_after(told_before[-1], event)
        views = (*told_before[-_REMEMBERED:], seen) if self.blind else (seen,)
        return {**self.seen, place: views}


class _Retold(msgspec.Struct, frozen=True):
    """Recorded reads and writes of such clients, some of which may be left out.

    A write covers what its client had been told in the run at hand: all, or if clients
    are blind, all up to the reply that was the last one that it covered when it was
    recorded.

    Attributes:
        plan: The operations as they were recorded.
        blind: As there.
        seen: What each client has been told of each register, after each reply, with
            the number by which recorded operations know the reply.
        numbers: This number of the operation that each worker has begun.
    """

    plan: Generator
    blind: bool = False
    seen: Mapping[_Place, tuple[tuple[int, _Seen], ...]] = {}
    numbers: Mapping[int, int] = {}

    def next(self, context: Context) -> Step:
        op, plan = self.plan.next(context)
        after = msgspec.structs.replace(self, plan=plan)
        if not isinstance(op, Op):
            return op, after
        assert op.worker is not None, "recorded operations have a worker"
        number = _LATEST if op.number is None else op.number
        after = msgspec.structs.replace(
            after, numbers={**self.numbers, op.worker: number}
        )
        if not isinstance(op.value, dict) or "seen" not in op.value:
            return op, after
        processes = {worker.id: worker.process for worker in context.workers}
        place = processes[op.worker], op.value["key"]
        until = max(op.value["seen"], default=-1) if self.blind else _LATEST
        view = _Seen()
        for number, seen in self.seen.get(place, ()):
            if number <= until:
                view = seen
        told = {"context": dict(view.clock), "seen": list(view.replies)}
        return msgspec.structs.replace(op, value={**op.value, **told}), after

    def update(self, context: Context, event: Event, worker: int) -> Generator:
        plan = self.plan.update(context, event, worker)
        after = msgspec.structs.replace(self, plan=plan)
        place = _place(event)
        if place is None:
            return after
        views = self.seen.get(place, ())
        before = views[-1][1] if views else _Seen()
        view = self.numbers.get(worker, _LATEST), _seen_after(before, event)
        seen = {**self.seen, place: (*views, view)}
        return msgspec.structs.replace(after, seen=seen)


def _place(event: Event) -> _Place | None:
    """Return the client and the register of a reply; None of anything else."""
    if event.type != "ok" or not isinstance(event.value, dict):
        return None
    assert isinstance(event.process, int), "a client has a number"
    key = event.value.get("key")
    return (event.process, key) if isinstance(key, str) else None


def _seen_after(before: _Seen, event: Event) -> _Seen:
    """Return what a client has been told of a register, given one more reply."""
    told = event.value
    clocks = [told.get("vc")]
    if event.f == "read":
        clocks = [
            entry.get("vc")
            for entry in told.get("values", ())
            if isinstance(entry, dict)
        ]
    known = [clock for clock in clocks if clock is not None]
    if not all(map(_is_clock, (before.clock, *known))):
        is_one = _is_one(known, len(clocks))
        return _Seen(known[0], (event.index,)) if is_one else before
    # A write that said all that was seen covers it, and need not be told apart.
    is_all = event.f == "write" and told.get("seen") == list(before.replies)
    replies = () if is_all else before.replies
    return _Seen(_joined([before.clock, *known]), (*replies, event.index))


def _is_clock(clock: Any) -> bool:
    return isinstance(clock, dict) and all(type(n) is int for n in clock.values())


def _is_one(known: Sequence[Any], entries: int) -> bool:
    """Return whether a reply has one context, beside each of its values."""
    return (
        0 < len(known) == entries
        and isinstance(known[0], dict)
        and all(clock == known[0] for clock in known)
    )


def _joined(clocks: Sequence[Any]) -> _Clock:
    joined: _Clock = {}
    for clock in clocks:
        for actor, count in clock.items():
            joined[actor] = max(count, joined.get(actor, 0))
    return joined


def _check(
    mode: Any, history: History, nodes: Sequence[str], evidence: Evidence | None = None
) -> Result:
    return check_siblings(history, nodes=nodes, evidence=evidence, mode=mode)


def _check_values(
    history: History, nodes: Sequence[str], evidence: Evidence | None = None
) -> Result:
    return check_siblings(history, nodes=nodes, evidence=evidence, converges=False)


WORKLOAD = Workload(
    name="vv-register",
    doc="Registers that keep concurrent writes; a write replaces what its client saw.",
    claim=CLAIM,
    calls={"write": WRITE, "read": READ, "set-mode": SET_MODE},
    mixes=mixes(_Clients),
    prepare=(("set-mode", "vv"),),
    final_read="read",
    final_by="key",
    expectation=expectation,
    node="vv-register",
    nemesis=("partition",),
    check=partial(_check, "siblings"),
    updates=frozenset({"write"}),
    registers=True,
    retold=_Retold,
    modelled=Modelled(None, _check_values, data="siblings"),
)

BLIND = msgspec.structs.replace(
    WORKLOAD,
    name="dvv-register",
    doc="Registers that keep concurrent writes of clients who may not say what they saw.",
    mixes=mixes(partial(_Clients, blind=True)),
    retold=partial(_Retold, blind=True),
    node="dvv-register",
)

LAST_WRITER = msgspec.structs.replace(
    WORKLOAD,
    name="lww-register",
    doc="Registers that keep the last of several writes, and silently lose the others.",
    claim=Claim(
        promise="the nodes agree on values that were written, and no write is lost to "
        "one that it had itself replaced; how many others are lost is counted",
        method="what a write replaces follows from the context that it was given",
        complete="everything that clocks decide",
        complexity="O(n)",
    ),
    prepare=(("set-mode", "lww"),),
    check=partial(_check, "lww"),
    modelled=None,
)
