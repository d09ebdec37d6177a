"""An OR-Set that shows removed elements until it has tidied up.

The bug: a removed element is hidden from reads with the next tick only.
It shows as `resurrected-element`: the node had acknowledged the remove.
It needs no fault. In the end everything is right.
"""

from __future__ import annotations

from nodes.crdt.or_set import grouped
from nodes.or_set import ORSetNode
from nodes.runtime import Body, Message, every, run


INTERVAL_S = 0.1


class LateHidingSet(ORSetNode):
    """Differs from the OR-Set in when a read lacks what was removed."""

    def start(self) -> None:
        """Begin tidied up."""
        super().start()
        self.tidy()

    @every(INTERVAL_S)
    def tidy(self) -> None:
        """Note what is still there."""
        self.noted = dict(self.state.live)

    def read(self, _: Message) -> Body:
        """Return the elements, and those that were there at the last tick."""
        elements = grouped({**self.noted, **self.state.live})
        return {"type": "or_set_read_ok", "elements": elements}


if __name__ == "__main__":
    run(LateHidingSet)
