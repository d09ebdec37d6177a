"""A list that forgets what is deleted, and puts what comes after it at the end.

The bug: a deleted character leaves the list, and no place of it is left. What another node
inserts after it meanwhile goes to the end.
It shows as `divergence`: nodes that had not deleted it put it where it belongs.
It needs a *partition*: then a character is deleted here and typed on behind there.
"""

from __future__ import annotations

from nodes.op_rga import OpRGA
from nodes.runtime import run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class OrphansLastRGA(OpRGA):
    """Differs from the list that is right in what is left of deleted characters."""

    def apply(self, name: str, operation: Any) -> None:
        """Insert or delete a character; nothing is left of a deleted one."""
        if operation.get("delete") in self.order:
            self.order.remove(operation["delete"])
        super().apply(name, operation)

    def place_of(self, new: str, origin: str | None) -> int:
        """Return where a character belongs: at the end, if the other one is gone."""
        if origin is None or origin in self.order:
            return super().place_of(new, origin)
        return len(self.order)


if __name__ == "__main__":
    run(OrphansLastRGA)
