"""Which characters deletions have hit, and which they may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.or_sets import FOREVER, May, Update


if TYPE_CHECKING:
    from checkers.evidence import Evidence

    from ._table import Table


class Missing:
    """Which characters deletions may have hit, and which they have.

    Attributes:
        unclear: How many deletions hit nobody knows what.
    """

    def __init__(
        self, table: Table, deleted: dict[int, str], evidence: Evidence | None
    ) -> None:
        self._row = table.row
        self._deleted = frozenset(deleted.values())
        updates = [
            Update(
                index=insert.index,
                end=FOREVER if insert.end is None else insert.end,
                element=0,
                place=insert.place,
                removes=False,
                tags=None,
            )
            for insert in table.inserts
        ]
        unclear = [one for one in table.deletes if one.index not in deleted]
        self.unclear = len(unclear)
        updates += [
            Update(
                index=delete.index,
                end=FOREVER if delete.end is None else delete.end,
                element=0,
                place=delete.place,
                removes=True,
                tags=None,
            )
            for delete in unclear
        ]
        self._may = May(updates, "add-wins", evidence)
        for row in range(len(table.inserts), len(updates)):
            self._may.remove(row)

    def was_deleted(self, char: str) -> bool:
        """Whether a deletion is known to have hit a character, or to have meant to."""
        return char in self._deleted

    def must_stay(self, char: str) -> bool:
        """Whether no deletion can have hit a character."""
        return not self.was_deleted(char) and not self._may.took(self._row[char])
