"""What a remove may have observed, and what it must have.

A remove takes away the adds that are visible where it is executed. That is hidden, but
it lies between bounds:

* *may*: adds that could have reached the node by then. By the journal of messages if
  there is one; else those that were invoked before the remove ended. A remove whose
  outcome is unknown may have observed any.
* *must*, in `_sweep`: adds that the node had acknowledged before (`own`) or shown
  (`unit`). That a remove began after an add had ended says nothing: the add may not have
  arrived.

Two other kinds of sets are told by the same bounds. In a two-phase set a remove takes
away every add, also later ones, once it has observed any. Where the last writer wins,
clocks decide, and nobody knows what a remove takes away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers._elements import Key
    from checkers.evidence import Evidence

    from ._table import Update

Semantics = Literal["add-wins", "two-phase", "last-writer-wins"]


class May:
    """Which adds may have been taken away, by the removes so far.

    Of the removes of an element that one node has answered, the one that could know
    most stands for all: what a node knows only grows.
    """

    def __init__(
        self,
        updates: Sequence[Update],
        semantics: Semantics,
        evidence: Evidence | None,
    ) -> None:
        self._updates = updates
        self._semantics = semantics
        self._evidence = evidence
        self._last_end: dict[Key, int] = {}
        self._widest: dict[Key, dict[str, tuple[int, int]]] = {}
        self._unbounded: set[Key] = set()

    def remove(self, row: int) -> None:
        """Take one more remove."""
        update = self._updates[row]
        element = update.element
        last = self._last_end.get(element, -1)
        self._last_end[element] = max(last, update.end)
        known = None if self._evidence is None else self._evidence.known(update.index)
        if known is None or not update.acknowledged:
            self._unbounded.add(element)
            return
        node, length = known
        widest = self._widest.setdefault(element, {})
        if node not in widest or widest[node][0] < length:
            widest[node] = length, update.index

    def took(self, row: int) -> bool:
        """Return whether some remove so far may have taken an add away."""
        add = self._updates[row]
        last = self._last_end.get(add.element)
        if last is None:
            return False
        if self._semantics != "add-wins":
            return True
        if last < add.index:
            return False
        if self._evidence is None or add.element in self._unbounded:
            return True
        return any(
            self._evidence.could_show(add.index, remove) is not False
            for _, remove in self._widest.get(add.element, {}).values()
        )
