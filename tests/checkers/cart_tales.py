"""Histories of shopping carts, told operation by operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers.carts import check_cart
from histories import NEMESIS, Event, History


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers import Result


class CartTale:
    """Writes a history, one operation after the other unless told otherwise."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def begin(self, f: str, value: Any, **on: Any) -> int:
        """Invoke; `end` completes it."""
        return self._put("invoke", f, value, on)

    def end(self, index: int, value: Any = None, *, status: str = "ok") -> None:
        """Complete an operation."""
        begun = self.events[index]
        on = {"process": begun.process, "node": begun.node, "final": begun.final}
        self._put(status, begun.f, begun.value if value is None else value, on)

    def _put(self, type_: Any, f: str, value: Any, on: dict[str, Any]) -> int:
        at = len(self.events)
        where = {"process": 0, "node": "n1", **on}
        self.events.append(
            Event(index=at, time=at, type=type_, f=f, value=value, **where)
        )
        return at

    def add(self, item: str, power: int, *, status: str = "ok", **on: Any) -> int:
        """Put a power of four of an item into the cart."""
        index = self.begin("add", {"item": item, "qty": 4**power}, **on)
        self.end(index, status=status)
        return index

    def remove(self, item: str, *, status: str = "ok", **on: Any) -> int:
        """Take an item out of the cart."""
        index = self.begin("remove", {"item": item}, **on)
        self.end(index, status=status)
        return index

    def view(self, *items: tuple[str, int], total: Any = None, **on: Any) -> int:
        """Look into the cart."""
        entries = [{"item": item, "qty": quantity} for item, quantity in items]
        count = len(items) if total is None else total
        index = self.begin("view", None, **on)
        self.end(index, {"items": entries, "total_items": count})
        return index

    def finals(
        self, *items: tuple[str, int], nodes: tuple[str, ...] = ("n1", "n2")
    ) -> None:
        """Show the same on all nodes, in the end."""
        for node in nodes:
            self.view(*items, node=node, process=9, final=True)

    def contend(self) -> None:
        """Put an item in, take it out, and put it in again: that cannot be lost."""
        self.add("again", 0)
        self.remove("again")
        self.add("again", 1)

    def lose_disk(self, node: str) -> None:
        """Kill a node that starts anew with nothing."""
        at = len(self.events)
        self.events.append(
            Event(
                index=at,
                time=at,
                type="info",
                process=NEMESIS,
                f="start-kill",
                value={"nodes": [node], "disk": {node: "lost"}},
            )
        )

    def history(self) -> History:
        """Return what was told."""
        return History.from_events(self.events)

    def check(self, **options: Any) -> Result:
        """Judge what was told."""
        return check_cart(self.history(), nodes=("n1", "n2"), **options)

    def names(self, **options: Any) -> list[str]:
        """Return the names of what is wrong with it."""
        return [anomaly.name for anomaly in self.check(**options).anomalies]


def _seen(*items: tuple[str, int], total: Any = None) -> CartTale:
    """Return a cart that is right in the end, after one odd view."""
    tale = CartTale()
    tale.contend()
    tale.view(*items, total=total, node="n3", process=3)
    tale.finals(("again", 4))
    return tale


def _ended(*items: tuple[str, int], removed: bool = False) -> CartTale:
    """Return an item that was put in and perhaps taken out, and what is left."""
    tale = CartTale()
    tale.contend()
    tale.add("x", 2)
    if removed:
        tale.remove("x")
    tale.finals(("again", 4), *items)
    return tale


def _told(size: int) -> CartTale:
    """Return a cart that is right in the end, after an add was told its size."""
    tale = CartTale()
    tale.contend()
    add = tale.begin("add", {"item": "x", "qty": 1})
    tale.end(add, {"item": "x", "qty": 1, "cart_size": size})
    tale.finals(("again", 4), ("x", 1))
    return tale


CARTS: dict[str, Callable[[], Result]] = {
    "lost-quantity": _ended().check,
    "resurrected-quantity": _ended(("x", 16), removed=True).check,
    "doubled-quantity": _seen(("again", 8)).check,
    "phantom-quantity": _seen(("again", 64)).check,
    "negative-quantity": _seen(("again", -4)).check,
    "malformed-view": _seen(("again", 4), total=7).check,
    "wrong-cart-size": _told(7).check,
}
"""A history for each anomaly of carts, by its name."""
