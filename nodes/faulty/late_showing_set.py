"""An OR-Set that shows added elements once it has tidied up.

The bug: an element is in reads from the next tick on only, though it is in the set, and a
question whether it is gets the right answer.
It shows as `lost-add`: the node had acknowledged the add, which no remove can have seen.
It needs no fault. In the end everything is right.
"""

from __future__ import annotations

from nodes.crdt.or_set import grouped
from nodes.or_set import ORSetNode
from nodes.runtime import Body, Message, every, run


INTERVAL_S = 0.1


class LateShowingSet(ORSetNode):
    """Differs from the OR-Set in when a read has what was added."""

    def start(self) -> None:
        """Begin tidied up."""
        super().start()
        self.tidy()

    @every(INTERVAL_S)
    def tidy(self) -> None:
        """Note what is there."""
        self.noted = frozenset(self.state.live)

    def read(self, _: Message) -> Body:
        """Return the elements that were there at the last tick, and still are."""
        live = {tag: one for tag, one in self.state.live.items() if tag in self.noted}
        return {"type": "or_set_read_ok", "elements": grouped(live)}


if __name__ == "__main__":
    run(LateShowingSet)
