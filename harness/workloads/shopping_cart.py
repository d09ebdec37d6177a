"""A shopping cart: what is put in stays, unless a remove has seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from checkers import check_cart
from harness.generators import Op
from harness.rpc import Call, Field, Rpc

from ._expectations import AgreementExpectation
from ._workload import Claim, Workload


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from checkers import Result
    from checkers.evidence import Evidence
    from harness.generators import Context, Step
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

VIEWS = 0.35
"""How many of the operations are views."""

ITEMS = ("apple", "bread", "cheese", "dates")


class _Customers(msgspec.Struct, frozen=True):
    """Adds and removes of a few items, which others replace when they are used up.

    Attributes:
        added: How often each item was added.
    """

    added: Mapping[str, int] = {}

    def next(self, context: Context) -> Step:
        if context.rng.random() < VIEWS:
            return Op("view"), self
        item = context.rng.choice(ITEMS)
        count = self.added.get(item, 0)
        name = item if count < ADDS else f"{item}-{count // ADDS}"
        if context.rng.random() < 0.3:
            return Op("remove", {"item": name}), self
        value = {"item": name, "qty": 4 ** (count % ADDS)}
        return Op("add", value), _Customers({**self.added, item: count + 1})

    def update(self, context: Context, event: Event, worker: int) -> Self:
        del context, event, worker
        return self


def _quantities(value: Any) -> dict[str, int]:
    return {entry["item"]: entry["qty"] for entry in value["items"]}


def _expectation() -> AgreementExpectation:
    return AgreementExpectation(_quantities)


def _check(
    history: History, nodes: Sequence[str], evidence: Evidence | None = None
) -> Result:
    return check_cart(history, nodes=nodes, evidence=evidence)


WORKLOAD = Workload(
    name="shopping-cart",
    doc="A cart that customers fill on any node, from which no goods get lost.",
    claim=CLAIM,
    calls={"add": ADD, "remove": REMOVE, "view": VIEW},
    generator=_Customers,
    final_read="view",
    expectation=_expectation,
    node="shopping-cart",
    nemesis=("partition",),
    check=_check,
    updates=frozenset({"add", "remove"}),
    contexts=False,
)
