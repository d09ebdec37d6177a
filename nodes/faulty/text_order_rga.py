"""A text that compares ids as the texts that they are printed as.

The bug: "10-n1" comes before "9-n1". So from the tenth character on, what is inserted
later at a place does not stand closer to its origin.
It shows as `intention-violation`: all nodes agree, on what nobody typed.
It needs no fault, and more than nine characters.
"""

from __future__ import annotations

from nodes.op_rga import OpRGA
from nodes.runtime import run


class TextOrderRGA(OpRGA):
    """Differs from the text by operations in what it takes for newer."""

    def place_of(self, new: str, origin: str | None) -> int:
        """Return a place behind all ids that come later in a dictionary."""
        index = 0 if origin is None else self.order.index(origin) + 1
        while index < len(self.order) and self.order[index] > new:
            index += 1
        return index


if __name__ == "__main__":
    run(TextOrderRGA)
