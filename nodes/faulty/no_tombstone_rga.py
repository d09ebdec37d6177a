"""A list that forgets what is deleted, and what comes after it.

The bug: a deleted character leaves the list, and no place of it is left. What another node
inserts after it meanwhile has nowhere to go, and is dropped.
It shows as `lost-character`: one that was acknowledged is there no more;
or as `divergence`: it is on those nodes that had not deleted the other one.
It needs a *partition*: then a character is deleted here and typed on behind there.
"""

from __future__ import annotations

from nodes.op_rga import OpRGA
from nodes.runtime import run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class NoTombstoneRGA(OpRGA):
    """Differs from the list that is right in what is left of deleted characters."""

    def apply(self, name: str, operation: Any) -> None:
        """Insert or delete a character, if its place is still there."""
        if "delete" in operation:
            if operation["delete"] in self.order:
                self.order.remove(operation["delete"])
        elif operation["after"] is not None and operation["after"] not in self.order:
            return
        super().apply(name, operation)


if __name__ == "__main__":
    run(NoTombstoneRGA)
