"""Registers whose writers say what they have seen: version vectors, or the last writer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from checkers import check_siblings
from harness.rpc import Call, Field, Rpc

from ._on_workers import WAIT, give, pick
from ._workload import Claim, Workload
from .mv_register import KEYS, expectation


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


class _Seen(msgspec.Struct, frozen=True):
    """What a client has been told of a register.

    Attributes:
        clock: The clocks of it, taken together.
        replies: The completions that told it: of the last own write, which covers
            what was seen before, and of reads since.
    """

    clock: Mapping[str, int] = {}
    replies: tuple[int, ...] = ()


class _Clients(msgspec.Struct, frozen=True):
    """Reads and writes of clients whose contexts never fall behind what they have seen.

    A write covers what its client has seen of the register. A client that does not know
    whether its last write took place goes on as a new one, under a name of its own.
    """

    count: int = 0
    seen: Mapping[tuple[int, str], _Seen] = {}

    def next(self, context: Context) -> Step:
        worker = pick(context)
        if worker is None:
            return WAIT, self
        key = context.rng.choice(KEYS)
        if context.rng.random() < 0.5:
            return give(worker, "read", {"key": key}), self
        seen = self.seen.get((worker.process, key), _Seen())
        value = {
            "key": key,
            "value": self.count,
            "context": dict(seen.clock),
            "seen": list(seen.replies),
        }
        return give(worker, "write", value), _Clients(self.count + 1, self.seen)

    def update(self, context: Context, event: Event, worker: int) -> Generator:
        del context, worker
        if event.type != "ok" or not isinstance(event.value, dict):
            return self
        told, key = event.value, event.value.get("key")
        assert isinstance(event.process, int), "a client has a number"
        if not isinstance(key, str):
            return self
        clocks = [told.get("vc")]
        if event.f == "read":
            clocks = [
                entry.get("vc")
                for entry in told.get("values", ())
                if isinstance(entry, dict)
            ]
        place = event.process, key
        before = self.seen.get(place, _Seen())
        replies = () if event.f == "write" else before.replies
        seen = _Seen(
            _joined([before.clock, *filter(_is_clock, clocks)]),
            (*replies, event.index),
        )
        return _Clients(self.count, {**self.seen, place: seen})


def _is_clock(clock: Any) -> bool:
    return isinstance(clock, dict) and all(type(n) is int for n in clock.values())


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


WORKLOAD = Workload(
    name="vv-register",
    doc="Registers that keep concurrent writes; a write replaces what its client saw.",
    claim=CLAIM,
    calls={"write": WRITE, "read": READ, "set-mode": SET_MODE},
    generator=_Clients,
    prepare=(("set-mode", "vv"),),
    final_read="read",
    final_values=tuple({"key": key} for key in KEYS),
    expectation=expectation,
    node="vv-register",
    nemesis=("partition",),
    check=partial(_check, "siblings"),
    updates=frozenset({"write"}),
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
)
