"""What a view must show and must not, by what its node has acknowledged and shown.

As every digit of a quantity is one add, a view tells which adds its node has: more
than the reads of a set do. Otherwise this is the walk of `checkers.or_sets`, an add
at a time.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from checkers.or_sets import Known, May

from ._table import REMOVING, UPDATED, VIEWED


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from checkers._elements import Key
    from checkers.evidence import Evidence
    from checkers.or_sets import Update

    from ._table import Table, View


class Sweep:
    """One walk through the events.

    Attributes:
        gone: The adds that some remove must have taken away, by row, and which.
        may: What all removes together may have taken away.
    """

    def __init__(
        self,
        table: Table,
        shown: Sequence[tuple[int, ...]],
        evidence: Evidence | None,
        *,
        on_lost: Callable[[View, int], None],
        on_back: Callable[[View, int, int], None],
    ) -> None:
        """Prepare for one walk.

        Args:
            table: The operations.
            shown: The adds that each view shows, by the number of the view.
            evidence: What the journal says.
            on_lost: Told of a view that lacks an add.
            on_back: Told of a view that shows an add, and of the remove.
        """
        self.gone: dict[int, int] = {}
        self.may = May(table.updates, "add-wins", evidence)
        self._table = table
        self._shown = shown
        self._on_lost = on_lost
        self._on_back = on_back
        self._secure: dict[str, dict[Key, set[int]]] = {}
        self._known: defaultdict[str, dict[Key, Known]] = defaultdict(dict)

    def run(self) -> None:
        """Walk through all events. Linear in the operations and what views return."""
        table = self._table
        for _, what, number in table.moments():
            if what == REMOVING:
                self._begin(number, table.updates[number])
            elif what == UPDATED:
                self._end(number, table.updates[number])
            elif what == VIEWED:
                self._view(table.views[number], self._shown[number])
            else:
                self._forget(table.forgets[number][1])

    def _begin(self, row: int, remove: Update) -> None:
        self.may.remove(row)
        for secure in self._secure.values():
            adds = secure.get(remove.element)
            if adds:
                adds -= {add for add in adds if self.may.took(add)}
                if not adds:
                    del secure[remove.element]

    def _end(self, row: int, update: Update) -> None:
        known = self._of(update.place, update.element)
        if not update.removes:
            known.adds[row] = update.end
            if not self.may.took(row):
                secure = self._secure.setdefault(update.place, {})
                secure.setdefault(update.element, set()).add(row)
            return
        observed = [add for add, since in known.adds.items() if since < update.index]
        for add in observed:
            del known.adds[add]
            known.gone[add] = row
            self.gone.setdefault(add, row)

    def _view(self, view: View, shown: tuple[int, ...]) -> None:
        updates, here = self._table.updates, set(shown)
        for adds in self._secure.get(view.place, {}).values():
            for add in adds - here:
                if updates[add].end < view.index:
                    self._on_lost(view, add)
        for add in shown:
            known = self._of(view.place, updates[add].element)
            if add not in known.gone:
                known.adds.setdefault(add, view.end)
            elif updates[known.gone[add]].end < view.index:
                self._on_back(view, add, known.gone[add])

    def _forget(self, place: str) -> None:
        self._secure.pop(place, None)
        self._known.pop(place, None)

    def _of(self, place: str, item: Key) -> Known:
        items = self._known[place]
        known = items.get(item)
        if known is None:
            known = items[item] = Known()
        return known
