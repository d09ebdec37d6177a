"""The operations on a set with removals, as its checks want them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from checkers._disks import lost_disks
from checkers._elements import key_of
from checkers._progress import Progress
from checkers._unfit import UnfitError
from checkers._verdict import Reason
from checkers._wording import cite, location


if TYPE_CHECKING:
    from checkers._elements import Key
    from histories import History, Operation

FOREVER = 2**62
"""The end of an operation that may take effect at any time."""


class Update(msgspec.Struct, frozen=True, gc=False):
    """An add or a remove that did not definitely fail.

    Attributes:
        index: Index of its invocation.
        end: Index of its acknowledgement; `FOREVER` without one.
        element: What it adds or removes.
        place: Its node; its process where the node was not recorded.
        removes: Whether it is a remove.
        tags: The tag of an add, the tags that a remove took away, by key; None if it
            was not told.
    """

    index: int
    end: int
    element: Key
    place: str
    removes: bool
    tags: tuple[Key, ...] | None

    @property
    def acknowledged(self) -> bool:
        """Whether it was acknowledged."""
        return self.end != FOREVER


class SetRead(msgspec.Struct, frozen=True, gc=False):
    """An ok read that returned a list, or an answer whether an element is there.

    Attributes:
        index: Index of its invocation.
        end: Index of its completion.
        place: Its node; its process where the node was not recorded.
        final: Whether it is a final read.
        values: What it returned, by key.
        about: The only element that was asked for; None for a read of all.
    """

    index: int
    end: int
    place: str
    final: bool
    values: tuple[Key, ...]
    about: Key | None = None


class Table:
    """All that the history of a set says.

    Attributes:
        updates: Adds and removes that did not definitely fail, by invocation.
        adds: The rows of the adds of each element, by invocation.
        removes: The rows of the removes of each element, by invocation.
        reads: Ok reads that returned a list, and answers whether an element is there, by
            invocation.
        failed: Index of the first definitely failed add of an element.
        ill_typed: Indices of reads that returned no list, and of answers whether an
            element is there that were neither yes nor no.
        answered: Places with an ok final read, of whatever value.
        forgets: Events at which a place lost what it had kept: index and place.
        places: All places.
        progress: How soon all nodes showed what one had acknowledged.
    """

    def __init__(self) -> None:
        self.updates: list[Update] = []
        self.adds: dict[Key, list[int]] = {}
        self.removes: dict[Key, list[int]] = {}
        self.reads: list[SetRead] = []
        self.failed: dict[Key, int] = {}
        self.ill_typed: list[int] = []
        self.answered: set[str] = set()
        self.forgets: list[tuple[int, str]] = []
        self.places: set[str] = set()
        self.progress = Progress()

    def put_update(self, operation: Operation, place: str) -> None:
        """Take one more add or remove, in the order of invocations."""
        element = key_of(element_of(operation.input))
        removes = operation.f == "remove"
        if operation.status == "fail":
            if not removes:
                self.failed.setdefault(element, operation.index)
            return
        acknowledged = operation.status == "ok" and operation.end is not None
        self.progress.update(
            operation.end_time if acknowledged else None, None if removes else element
        )
        group = self.removes if removes else self.adds
        group.setdefault(element, []).append(len(self.updates))
        self.updates.append(
            Update(
                index=operation.index,
                end=operation.end
                if acknowledged and operation.end is not None
                else FOREVER,
                element=element,
                place=place,
                removes=removes,
                tags=_tags(operation) if acknowledged else None,
            )
        )

    def put_read(self, operation: Operation, place: str) -> None:
        """Take one more ok read, in the order of invocations."""
        assert operation.end is not None, "an ok read has completed"
        if operation.final:
            self.answered.add(place)
        elements = elements_of(operation.output)
        if elements is None:
            self.ill_typed.append(operation.index)
            return
        values = tuple(map(key_of, elements))
        self.reads.append(
            SetRead(
                index=operation.index,
                end=operation.end,
                place=place,
                final=operation.final,
                values=values,
            )
        )
        assert operation.end_time is not None, "it has completed"
        self.progress.read(place, operation.end_time, frozenset(values), values)

    def put_answer(self, operation: Operation, place: str) -> None:
        """Take one more ok answer whether an element is there, by invocation."""
        assert operation.end is not None, "what is ok has completed"
        output = operation.output
        is_in = output.get("contains") if isinstance(output, dict) else output
        if not isinstance(is_in, bool):
            self.ill_typed.append(operation.index)
            return
        element = key_of(element_of(operation.input))
        self.reads.append(
            SetRead(
                index=operation.index,
                end=operation.end,
                place=place,
                final=False,
                values=(element,) if is_in else (),
                about=element,
            )
        )


def tabulate(history: History) -> Table:
    """Return what a history of these operations says. Linear.

    Raises:
        UnfitError: An operation is none of these.
    """
    table = Table()
    for operation in history.operations():
        place = location(operation.node, operation.process)
        table.places.add(place)
        if operation.f in {"add", "remove"}:
            table.put_update(operation, place)
        elif operation.f not in {"read", "contains"}:
            raise UnfitError(
                Reason.UNSUPPORTED,
                f"{cite(operation)} is none of 'add', 'remove', 'read' and 'contains', "
                "the operations of this set.",
            )
        elif operation.status == "ok" and operation.f == "read":
            table.put_read(operation, place)
        elif operation.status == "ok":
            table.put_answer(operation, place)
    table.forgets += lost_disks(history)
    return table


def element_of(value: Any) -> Any:
    """Return the element that an operation names, alone or in an object."""
    if isinstance(value, dict) and "element" in value:
        return value["element"]
    return value


def elements_of(output: Any) -> list[Any] | None:
    """Return the elements that a read returned, alone or beside tags; None if it did not."""
    found = output.get("elements") if isinstance(output, dict) else output
    return found if isinstance(found, list) else None


def _tags(operation: Operation) -> tuple[Key, ...] | None:
    """Return the tags that a reply tells; null is none."""
    output = operation.output
    if not isinstance(output, dict):
        return None
    if operation.f == "add":
        tag = output.get("tag")
        return None if tag is None else (key_of(tag),)
    removed = output.get("tags_removed")
    if not isinstance(removed, list):
        return None
    return tuple(key_of(tag) for tag in removed if tag is not None)
