"""A text that takes what is typed on quickly for one insertion.

The bug: characters that follow each other within a tenth of a second hang from the
same one, that which stood before the first of them. So they come out in reverse.
It shows as `intention-violation`: all nodes agree, on what nobody typed.
It needs no fault, only a client that types quickly.
"""

from __future__ import annotations

from nodes.crdt import RGA
from nodes.rga import RGANode
from nodes.runtime import run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


BULK_NS = 100_000_000


class BulkInsertRGA(RGANode):
    """Differs from the text that is right in what characters hang from."""

    def start(self) -> None:
        """Begin with what is on disk."""
        super().start()
        self._last: tuple[str | None, str | None, int] = (None, None, 0)

    def share(self, delta: Any) -> None:
        """Hang a character from where the one before it hangs, and tell peers."""
        for name, (origin, char) in delta.inserted.items():
            last, place, since = self._last
            is_bulk = origin == last and self.now_ns - since < BULK_NS
            above = place if is_bulk else origin
            self._last = name, above, self.now_ns
            delta = RGA({name: (above, char)})
        super().share(delta)


if __name__ == "__main__":
    run(BulkInsertRGA)
