"""The scene of an OR-Set: what its adds, removes and reads tell of what they saw.

Where each acknowledged add of an element tells a tag that nobody else has, a remove that
tells which tags it took says which adds counted where it was executed; so does a read
that lists tags. Otherwise a read says of which elements some add counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers._elements import key_of
from checkers._unfit import UnfitError
from checkers._verdict import Reason
from checkers._wording import cite
from checkers.or_sets._table import element_of, elements_of

from ._casting import Casting, Told


if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkers._elements import Key
    from histories import History, Operation


class _Tags:
    """Which adds tags stand for, where that can be told."""

    def __init__(self, history: History) -> None:
        """Collect what adds tell."""
        self._adds: dict[Key, tuple[int, Key]] = {}
        self._open: dict[Key, list[int]] = {}
        self._mute: set[Key] = set()
        for operation in history.operations():
            if operation.f != "add" or operation.status == "fail":
                continue
            element = _element(operation)
            output = operation.output
            if operation.status != "ok":
                self._open.setdefault(element, []).append(operation.index)
            elif isinstance(output, dict) and "tag" in output:
                tag = key_of(output["tag"])
                if tag in self._adds:
                    self._mute |= {element, self._adds[tag][1]}
                self._adds[tag] = operation.index, element
            else:
                self._mute.add(element)

    def of(self, tags: Iterable[Any], element: Key | None) -> list[int] | None:
        """Return the adds that have these tags; None if that cannot be told.

        A tag of an element that no acknowledged add has told is that of the only other
        add of it, if there is only one.
        """
        found = set()
        for tag in tags:
            index, of = self._adds.get(key_of(tag), (-1, element))
            others = [] if element is None else self._open.get(element, [])
            if of in self._mute or (element is not None and of != element):
                return None
            if index < 0 and len(others) != 1:
                return None
            found.add(index if index >= 0 else others[0])
        return sorted(found)

    def within(self, listed: Any) -> list[Any]:
        """Return the tags in a list of them, or in lists of them by element."""
        if key_of(listed) not in self._adds and isinstance(listed, list | dict):
            inner = listed.values() if isinstance(listed, dict) else listed
            return [tag for one in inner for tag in self.within(one)]
        return [listed]

    def tell_apart(self, elements: Iterable[Key]) -> bool:
        """Whether tags tell the adds of elements apart."""
        return self._mute.isdisjoint(elements)


def or_set_casting(history: History) -> Casting:
    """Return what the operations on an OR-Set tell. Linear.

    Raises:
        UnfitError: These are no operations on such a set.
    """
    casting, tags = Casting(history), _Tags(history)
    for operation in history.operations():
        if operation.f in {"add", "remove"}:
            element = _element(operation)
            if operation.status != "fail":
                casting.update(operation, element, _taken(operation, element, tags))
            elif operation.f == "add":
                casting.fail(operation, element)
        elif operation.f not in {"read", "contains"}:
            raise UnfitError(
                Reason.UNSUPPORTED,
                f"{cite(operation)} is none of 'add', 'remove', 'read' and 'contains', "
                "the operations of this set.",
            )
        elif operation.status == "ok":
            read = _all if operation.f == "read" else _one
            read(operation, casting, tags)
    return casting


def _element(operation: Operation) -> Key:
    return key_of(element_of(operation.input))


def _taken(operation: Operation, element: Key, tags: _Tags) -> Told:
    """Return what a remove told that it took."""
    output = operation.output
    removed = output.get("tags_removed") if isinstance(output, dict) else None
    if operation.f == "add" or not isinstance(removed, list):
        return Told()
    # An element is mute as a whole: what tags say of it is not taken in part.
    return Told(tags.of(removed, element) if tags.tell_apart([element]) else None)


def _all(operation: Operation, casting: Casting, tags: _Tags) -> None:
    """Take a read of all elements: a list, or an object that may list tags, too."""
    output = operation.output
    found = elements_of(output)
    if found is None:
        casting.lack(operation, "returned no list")
        return
    elements = list(map(key_of, found))
    adds = None
    if isinstance(output, dict) and "tags" in output and tags.tell_apart(elements):
        adds = tags.of(tags.within(output["tags"]), None)
    casting.look(operation, None, Told(adds, elements))


def _one(operation: Operation, casting: Casting, _: _Tags) -> None:
    """Take an answer whether an element is there."""
    output = operation.output
    is_in = output.get("contains") if isinstance(output, dict) else output
    if not isinstance(is_in, bool):
        casting.lack(operation, "returned neither true nor false")
        return
    element = _element(operation)
    casting.look(operation, element, Told(elements=[element] if is_in else []))
