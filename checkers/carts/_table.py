"""The operations on a shopping cart, as its checks want them."""

from __future__ import annotations

from collections import defaultdict
from heapq import merge
from typing import TYPE_CHECKING, Any

import msgspec

from checkers._disks import lost_disks
from checkers._elements import key_of
from checkers._progress import Progress
from checkers._unfit import UnfitError
from checkers._verdict import Reason
from checkers._wording import cite, location, shown
from checkers.or_sets import FOREVER, Update


if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkers._elements import Key
    from histories import History, Operation

BASE = 4
"""Quantities are its powers: a digit of a sum is 1 if an add is in it, and 2 or 3 if it
is in it more than once."""

REMOVING, UPDATED, VIEWED, FORGOT = range(4)
"""What happens at a moment: a remove begins, an update or a view ends, a disk is lost."""


class View(msgspec.Struct, frozen=True, gc=False):
    """An ok view that returned quantities by item.

    Attributes:
        index: Index of its invocation.
        end: Index of its completion.
        place: Its node; its process where the node was not recorded.
        final: Whether it is a final view.
        time: When it ended, in ns.
        items: Items and their quantities, in the order that they came in.
        total: The number of items that it claims, if it does.
    """

    index: int
    end: int
    place: str
    final: bool
    time: int
    items: tuple[tuple[Key, int], ...]
    total: Any


class Table:
    """All that the history of a cart says.

    Attributes:
        updates: Adds and removes that did not definitely fail, by invocation; their
            element is the item.
        adds: The rows of the adds of each item, by invocation.
        removes: The rows of the removes of each item, by invocation.
        row: The row of the add of an item whose quantity is a power of the base, by item
            and power.
        views: Ok views that are well-formed, by invocation.
        failed: Index of a definitely failed add, by item and power.
        sizes: How many items an add was told to be in the cart, by its row.
        ill_typed: Views that are not well-formed, and why.
        answered: Places with an ok final view, of whatever form.
        forgets: Events at which a place lost what it had kept: index and place.
        places: All places.
        progress: How soon all nodes showed what one had acknowledged; of views, it is
            told by those who read their digits.
    """

    def __init__(self) -> None:
        self.updates: list[Update] = []
        self.adds: dict[Key, list[int]] = {}
        self.removes: dict[Key, list[int]] = {}
        self.row: defaultdict[Key, dict[int, int]] = defaultdict(dict)
        self.views: list[View] = []
        self.failed: dict[tuple[Key, int], int] = {}
        self.sizes: dict[int, int] = {}
        self.ill_typed: list[tuple[int, str]] = []
        self.answered: set[str] = set()
        self.forgets: list[tuple[int, str]] = []
        self.places: set[str] = set()
        self.progress = Progress()

    def put_update(self, operation: Operation, place: str) -> None:
        """Take one more add or remove, in the order of invocations."""
        item = key_of(operation.input["item"])
        row = len(self.updates)
        if operation.f == "add":
            power = self._power(operation, item)
            if operation.status == "fail":
                self.failed[item, power] = operation.index
                return
            self.row[item][power] = row
            self.adds.setdefault(item, []).append(row)
            if type(size := _size(operation)) is int:
                self.sizes[row] = size
        elif operation.status == "fail":
            return
        else:
            self.removes.setdefault(item, []).append(row)
        is_ok = operation.status == "ok"
        end = operation.end if is_ok else None
        self.progress.update(
            operation.end_time if is_ok else None, row if operation.f == "add" else None
        )
        self.updates.append(
            Update(
                index=operation.index,
                end=FOREVER if end is None else end,
                element=item,
                place=place,
                removes=operation.f == "remove",
                tags=None,
            )
        )

    def _power(self, operation: Operation, item: Key) -> int:
        quantity = operation.input.get("qty")
        power = power_of(quantity) if type(quantity) is int else None
        if power is None:
            raise UnfitError(
                Reason.UNSUPPORTED,
                f"{cite(operation)} adds {shown(quantity)}: only quantities that are "
                f"powers of {BASE} tell which adds a sum is made of.",
            )
        if power in self.row[item] or (item, power) in self.failed:
            raise UnfitError(
                Reason.UNSUPPORTED,
                f"{cite(operation)} adds {quantity} of an item of which as many were "
                "added before: sums do not tell the two apart.",
            )
        return power

    def put_view(self, operation: Operation, place: str) -> None:
        """Take one more ok view, in the order of invocations."""
        assert operation.end is not None, "an ok view has completed"
        if operation.final:
            self.answered.add(place)
        items = _items(operation.output)
        if isinstance(items, str):
            self.ill_typed.append((operation.index, items))
            return
        assert operation.end_time is not None, "it has completed"
        self.views.append(
            View(
                index=operation.index,
                end=operation.end,
                place=place,
                final=operation.final,
                time=operation.end_time,
                items=tuple(items),
                total=operation.output.get("total_items"),
            )
        )

    def moments(self) -> Iterator[tuple[int, int, int]]:
        """Yield what happens, in order: the index of the event, what it is, and of whom.

        That is the row of an update, the number of a view, or where in `forgets` it is.
        """
        updates, views = self.updates, self.views
        rows = sorted(range(len(updates)), key=lambda row: updates[row].end)
        numbers = sorted(range(len(views)), key=lambda number: views[number].end)
        return merge(
            (
                (update.index, REMOVING, row)
                for row, update in enumerate(updates)
                if update.removes
            ),
            (
                (updates[row].end, UPDATED, row)
                for row in rows
                if updates[row].acknowledged
            ),
            ((views[number].end, VIEWED, number) for number in numbers),
            ((at, FORGOT, number) for number, (at, _) in enumerate(self.forgets)),
        )


def power_of(quantity: int) -> int | None:
    """Return the exponent of a power of the base; None if it is none.

    >>> power_of(16), power_of(6)
    (2, None)
    """
    if quantity <= 0 or quantity & (quantity - 1):
        return None
    exponent, odd = divmod(quantity.bit_length() - 1, 2)
    return None if odd else exponent


def mark_of(operation: Operation) -> tuple[Key, int] | None:
    """Return the item and the power of an add; None of anything else."""
    given = operation.input
    if operation.f != "add" or not isinstance(given, dict) or "item" not in given:
        return None
    quantity = given.get("qty")
    power = power_of(quantity) if type(quantity) is int else None
    return None if power is None else (key_of(given["item"]), power)


def marks_of(operation: Operation) -> Iterator[tuple[Key, int]]:
    """Yield the items and powers of the adds that a view shows."""
    items = _items(operation.output) if operation.f == "view" else ""
    for item, quantity in items if isinstance(items, list) else ():
        for power in range(max(quantity, 0).bit_length() // 2 + 1):
            if quantity >> 2 * power & BASE - 1:
                yield item, power


def tabulate(history: History) -> Table:
    """Return what a history of `add`, `remove` and `view` says. Linear.

    Raises:
        UnfitError: An operation is none of these, names no item, or adds a quantity
            that sums do not tell.
    """
    table = Table()
    for operation in history.operations():
        place = location(operation.node, operation.process)
        table.places.add(place)
        if operation.f in {"add", "remove"}:
            if not isinstance(operation.input, dict) or "item" not in operation.input:
                raise UnfitError(
                    Reason.UNSUPPORTED,
                    f"{cite(operation)} has the value {shown(operation.input)}, "
                    "expected an object with an item.",
                )
            table.put_update(operation, place)
        elif operation.f != "view":
            raise UnfitError(
                Reason.UNSUPPORTED,
                f"{cite(operation)} is neither 'add' nor 'remove' nor 'view', the "
                "operations of a cart.",
            )
        elif operation.status == "ok":
            table.put_view(operation, place)
    table.forgets += lost_disks(history)
    return table


def _size(add: Operation) -> Any:
    """Return what an ok add was told of the cart's size."""
    told = add.status == "ok" and isinstance(add.output, dict)
    return add.output.get("cart_size") if told else None


def _items(output: Any) -> list[tuple[Key, int]] | str:
    """Return the quantities of a view; or what is wrong with it."""
    if not isinstance(output, dict) or not isinstance(output.get("items"), list):
        return "has no list of items"
    found: list[tuple[Key, int]] = []
    for entry in output["items"]:
        if not isinstance(entry, dict) or not {"item", "qty"} <= entry.keys():
            return f"lists {shown(entry)}, which is no object with item and qty"
        if type(entry["qty"]) is not int:
            return f"has the quantity {shown(entry['qty'])}, which is no whole number"
        found.append((key_of(entry["item"]), entry["qty"]))
    return found
