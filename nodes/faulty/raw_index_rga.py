"""A list whose nodes tell each other positions.

The bug: an insertion and a deletion say where they were on their node, as a number. The
receiver counts off as many in its own text, which may have changed.
It shows as `divergence`: what is concurrent lands in different places.
It needs no fault, but a *partition* shows it soonest.
"""

from __future__ import annotations

from nodes.op_rga import OpRGA
from nodes.runtime import run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class RawIndexRGA(OpRGA):
    """Differs from the list that is right in how places are named."""

    def issue(self, operation: Any) -> str:
        """Tell positions in the place of names."""
        after, deleted = operation.get("after"), operation.get("delete")
        if deleted is not None:
            operation = {"delete": self.order.index(deleted)}
        elif after is not None:
            operation = {**operation, "after": self.order.index(after)}
        return super().issue(operation)

    def apply(self, name: str, operation: Any) -> None:
        """Insert or delete at a position."""
        if "delete" in operation:
            del self.order[operation["delete"] : operation["delete"] + 1]
        else:
            super().apply(name, operation)

    def place_of(self, new: str, origin: Any) -> int:
        """Return where a character belongs: there, or at the end."""
        del new
        return 0 if origin is None else min(origin + 1, len(self.order))


if __name__ == "__main__":
    run(RawIndexRGA)
