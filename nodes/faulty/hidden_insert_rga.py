"""A list that hides what is inserted after a character that was deleted.

The bug: what arrives for a place whose character is deleted is taken for deleted as well.
It shows as `lost-character`: deleting one here and typing on there loses what was typed.
It needs a *partition*: then a character is deleted here and typed on behind there.
"""

from __future__ import annotations

from nodes.op_rga import OpRGA
from nodes.runtime import run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class HiddenInsertRGA(OpRGA):
    """Differs from the list that is right in what it shows."""

    def apply(self, name: str, operation: Any) -> None:
        """Insert or delete a character; what follows on a deleted one is not shown."""
        super().apply(name, operation)
        origin = operation.get("after")
        if origin is not None and origin not in self.chars:
            del self.chars[operation["insert"]]


if __name__ == "__main__":
    run(HiddenInsertRGA)
