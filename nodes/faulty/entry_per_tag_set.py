"""An OR-Set that shows an element as often as it was added.

The bug: a read lists tags, each with its element.
It shows as `duplicate-element`: two adds that nobody has removed are two entries.
It needs no fault.
"""

from __future__ import annotations

from nodes.or_set import ORSetNode
from nodes.runtime import run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class EntryPerTagSet(ORSetNode):
    """Differs from the OR-Set in what a read returns."""

    def elements(self) -> list[Any]:
        """Return the elements of all tags."""
        return list(self.state.live.values())


if __name__ == "__main__":
    run(EntryPerTagSet)
