"""MV-Register: what is written at the same time stays side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from checkers import check_siblings
from harness.generators import Op
from harness.rpc import Call, Field, Rpc

from ._expectations import AgreementExpectation
from ._register_mixes import mixes, numbered
from ._workload import Claim, Workload


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers import Result
    from checkers.evidence import Evidence
    from harness.generators import Context, Generator, Step
    from histories import Event, History

WRITE = Call(
    Rpc(
        "mv_write",
        "Writes a value over all that the node knows of a register.",
        request={
            "key": Field("string", "the register"),
            "value": Field("any", "the value, which nobody else writes"),
        },
        reply={"vclock": Field("object", "the clock of the write", optional=True)},
    ),
    arguments=("key", "value"),
    results=("vclock",),
)
READ = Call(
    Rpc(
        "mv_read",
        "Asks for the values of a register.",
        request={"key": Field("string", "the register")},
        reply={"values": Field("list", "objects of a value and its vclock")},
    ),
    arguments=("key",),
    results=("values",),
    idempotent=True,
)

CLAIM = Claim(
    promise="every acknowledged write is in every node's final reads, unless a write "
    "that can have known of it replaced it; no value stands beside one that replaced it",
    method="what a write replaces lies between what its node had acknowledged and what "
    "can have reached it; clocks are audited apart from the values",
    complete="a loss for which a write that may have known of it is an excuse",
    complexity="O(n · siblings)",
)


class _Clients(msgspec.Struct, frozen=True):
    """Writes of 0, 1, 2 and so on, and reads.

    Attributes:
        plan: Says who writes or reads what.
        count: How many writes there were.
    """

    plan: Generator
    count: int = 0

    def next(self, context: Context) -> Step:
        op, plan = self.plan.next(context)
        if not isinstance(op, Op):
            return op, _Clients(plan, self.count)
        filled, count = numbered(op, self.count, lambda _: {})
        return filled, _Clients(plan, count)

    def update(self, context: Context, event: Event, worker: int) -> Generator:
        plan = self.plan.update(context, event, worker)
        return self if plan is self.plan else _Clients(plan, self.count)


def values(value: Any) -> frozenset[Any]:
    """Return the values of a read, to compare them."""
    return frozenset(entry["value"] for entry in value["values"])


def expectation() -> AgreementExpectation:
    """Return what reads are to show: the same everywhere."""
    return AgreementExpectation(values)


def _check(
    history: History, nodes: Sequence[str], evidence: Evidence | None = None
) -> Result:
    return check_siblings(history, nodes=nodes, evidence=evidence, semantics="replica")


WORKLOAD = Workload(
    name="mv-register",
    doc="Registers that keep concurrent writes; a write replaces what its node knows.",
    claim=CLAIM,
    calls={"write": WRITE, "read": READ},
    mixes=mixes(_Clients),
    final_read="read",
    final_by="key",
    expectation=expectation,
    node="mv-register",
    nemesis=("partition",),
    check=_check,
    updates=frozenset({"write"}),
    contexts=False,
    registers=True,
)
