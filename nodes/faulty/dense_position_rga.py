"""A text in which each character has a number between those of its neighbours.

The bug: the number is drawn at random, as in Logoot. What two type at one place, each from
left to right, is mixed, for nothing keeps together what one of them typed.
It shows as `interleaving`: all nodes agree, and "abc" and "XYZ" became "aXbYZc".
It needs a *partition*, in which two type at one place.
"""

from __future__ import annotations

from bisect import insort

from nodes.crdt.dots import split
from nodes.op_rga import OpRGA
from nodes.runtime import run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class DensePositionRGA(OpRGA):
    """Differs from the list that is right in what tells the place of a character."""

    def begin(self) -> None:
        """Begin with an empty text."""
        super().begin()
        self._keys: dict[str, tuple[str, str]] = {}

    def issue(self, operation: Any) -> str:
        """Draw the place of a character: digits of a number between 0 and 1."""
        if "insert" in operation:
            after = operation["after"]
            at = 0 if after is None else self.order.index(after) + 1
            low = "" if after is None else self._keys[after][0]
            high = self._keys[self.order[at]][0] if at < len(self.order) else ""
            width = max(len(low), len(high)) + 6
            least, most = int(low.ljust(width, "0")), int(high.ljust(width, "0") or 0)
            drawn = self.rng.randrange(least + 1, most or 10**width)
            operation = {**operation, "digits": f"{drawn:0{width}}"}
        return super().issue(operation)

    def apply(self, name: str, operation: Any) -> None:
        """Insert or delete a character."""
        if "delete" in operation:
            super().apply(name, operation)
            return
        new = operation["insert"]
        self._keys[new] = operation["digits"], new
        insort(self.order, new, key=self._keys.__getitem__)
        self.chars[new] = operation["char"]
        self.time = max(self.time, split(new)[0])


if __name__ == "__main__":
    run(DensePositionRGA)
