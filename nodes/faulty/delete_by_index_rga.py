"""A list that tells others the position of what is deleted, not its name.

The bug: a deletion says where the character was on its node. The receiver deletes what is
there by then.
It shows as `undeleted-character` and `lost-character`: something else is deleted there.
It needs a *partition*, in which positions move.
"""

from __future__ import annotations

from nodes.op_rga import OpRGA
from nodes.runtime import run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class DeleteByIndexRGA(OpRGA):
    """Differs from the list that is right in what a deletion names."""

    def issue(self, operation: Any) -> str:
        """Tell the position of what is to be deleted."""
        if "delete" in operation:
            operation = {"delete": self.visible().index(operation["delete"])}
        return super().issue(operation)

    def apply(self, name: str, operation: Any) -> None:
        """Insert a character, or delete the one at a position."""
        if "delete" in operation:
            for found in self.visible()[operation["delete"] :][:1]:
                super().apply(name, {"delete": found})
        else:
            super().apply(name, operation)


if __name__ == "__main__":
    run(DeleteByIndexRGA)
