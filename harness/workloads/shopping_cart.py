"""A shopping cart: what is put in stays, unless a remove has seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from checkers import check_cart
from harness.generators import Op, mix, repeat
from harness.rpc import Call, Field, Rpc

from ._expectations import AgreementExpectation
from ._mixes import always
from ._plots import Litmus
from ._set_mixes import PLOTS, Hot
from ._workload import Claim, Modelled, Workload


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from checkers import Result
    from checkers.evidence import Evidence
    from harness.generators import Context, Generator, Step
    from histories import Event, History

ADD = Call(
    Rpc(
        "cart_add",
        "Puts a quantity of an item into the cart.",
        request={
            "item": Field("string", "the item"),
            "qty": Field("integer", "how many: a power of four, once for each item"),
        },
        reply={"cart_size": Field("integer", "items in the cart", optional=True)},
    ),
    arguments=("item", "qty"),
    results=("cart_size",),
)
REMOVE = Call(
    Rpc(
        "cart_remove",
        "Takes an item out of the cart, as much of it as the node knows of.",
        request={"item": Field("string", "the item")},
    ),
    arguments=("item",),
)
VIEW = Call(
    Rpc(
        "cart_view",
        "Asks for what is in the cart.",
        reply={
            "items": Field("list", "objects of an item and its qty"),
            "total_items": Field("integer", "how many items", optional=True),
        },
    ),
    results=("items", "total_items"),
    idempotent=True,
)

CLAIM = Claim(
    promise="what was put in is in every node's final view, once, unless a remove can "
    "have seen it; what removes have seen is in none",
    method="the digits of quantities tell which adds they are made of; bounds on what "
    "each remove has observed",
    complete="an add of which it cannot be known whether a remove had seen it",
    complexity="O(n · nodes + digits in views)",
)

ADDS = 25
"""Adds of an item: its quantity then still fits a double."""

ITEMS = ("apple", "bread", "cheese", "dates")


class _Priced(msgspec.Struct, frozen=True):
    """Adds and removes of items, and views, with quantities that no other add has.

    An item is replaced by another one when its quantities are used up.

    Attributes:
        plan: Says what is done with which item.
        added: How often each item was added.
    """

    plan: Generator
    added: Mapping[str, int] = {}

    def next(self, context: Context) -> Step:
        op, plan = self.plan.next(context)
        if not isinstance(op, Op):
            return op, _Priced(plan, self.added)
        added = dict(self.added)
        first, *along = (_priced(one, added) for one in (op, *op.along))
        op = Op(first.f, first.value, worker=first.worker, along=tuple(along))
        return op, _Priced(plan, added)

    def update(self, context: Context, event: Event, worker: int) -> Generator:
        plan = self.plan.update(context, event, worker)
        return self if plan is self.plan else _Priced(plan, self.added)


def _priced(op: Op, added: dict[str, int]) -> Op:
    """Return an operation with what it needs, and count it if it is an add."""
    if op.f == "view":
        return op
    item = op.value["item"]
    count = added.get(item, 0)
    value: dict[str, Any] = {
        "item": f"{item}-{count // ADDS}" if count >= ADDS else item
    }
    if op.f == "add":
        value["qty"] = 4 ** (count % ADDS)
        added[item] = count + 1
    return Op(op.f, value, worker=op.worker)


_HOT = Hot(field="item", names=ITEMS, adds=0.7)
_LITMUS = Litmus(field="item", plots=PLOTS)
_LITMUS_TOO = Litmus(field="item", plots=PLOTS, letter="y")
_VIEW = repeat("view")

MIXES = {
    "both": always(
        "the two that follow, in one run", _Priced(mix(_HOT, _LITMUS, _VIEW))
    ),
    "contended": always(
        "four items, added and removed over and over", _Priced(mix(_HOT, _HOT, _VIEW))
    ),
    "litmus": always(
        "many items, each added and removed at most once on a node: here, there once "
        "all have heard of it, elsewhere at the same time",
        _Priced(mix(_LITMUS, _LITMUS_TOO, _VIEW)),
    ),
}


def _quantities(value: Any) -> dict[str, int]:
    return {entry["item"]: entry["qty"] for entry in value["items"]}


def _expectation() -> AgreementExpectation:
    return AgreementExpectation(_quantities)


def _check(
    history: History, nodes: Sequence[str], evidence: Evidence | None = None
) -> Result:
    return check_cart(history, nodes=nodes, evidence=evidence)


def _check_values(
    history: History, nodes: Sequence[str], evidence: Evidence | None = None
) -> Result:
    return check_cart(history, nodes=nodes, evidence=evidence, converges=False)


WORKLOAD = Workload(
    name="shopping-cart",
    doc="A cart that customers fill on any node, from which no goods get lost.",
    claim=CLAIM,
    calls={"add": ADD, "remove": REMOVE, "view": VIEW},
    mixes=MIXES,
    final_read="view",
    expectation=_expectation,
    node="shopping-cart",
    nemesis=("partition",),
    check=_check,
    updates=frozenset({"add", "remove"}),
    contexts=False,
    modelled=Modelled(None, _check_values, data="cart"),
)
