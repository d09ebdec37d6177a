"""A text that ends with the end of a line.

The bug: a text is read as if from a file, in which the last line has an end too.
It shows as `phantom-character`: nobody has typed that.
It needs no fault.
"""

from __future__ import annotations

from nodes.rga import RGANode
from nodes.runtime import Body, Message, run


class LineEndRGA(RGANode):
    """Differs from the text that is right in how it ends."""

    def read(self, message: Message) -> Body:
        """Return the text, and the end of a line."""
        reply = super().read(message)
        return {**reply, "text": reply["text"] + "\n", "length": reply["length"] + 1}


if __name__ == "__main__":
    run(LineEndRGA)
