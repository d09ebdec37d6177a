"""An OR-Set that leaves a hole where something was removed.

The bug: a removed element is overwritten by null, and that is shown.
It shows as `phantom-element`: nobody has added null.
It needs no fault.
"""

from __future__ import annotations

from nodes.or_set import ORSetNode
from nodes.runtime import Body, Message, run


class HoleForRemovedSet(ORSetNode):
    """Differs from the OR-Set in what it shows of what is gone."""

    def read(self, message: Message) -> Body:
        """Return the elements, and null if any was removed."""
        reply = super().read(message)
        if self.state.removed:
            reply["elements"] = [*reply["elements"], None]
        return reply


if __name__ == "__main__":
    run(HoleForRemovedSet)
