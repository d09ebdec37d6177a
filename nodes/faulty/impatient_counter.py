"""A counter that takes late for lost.

The bug: an add that is not acknowledged in time is taken for one that did not arrive,
and is sent anew, under a new number. No peer can tell that it is the same.
It shows as `over-count`: both arrive, and both count.
It needs *delay* now and then of more than half a second; a lost acknowledgement does
as well.
"""

from __future__ import annotations

from nodes.op_counter import RETRY_NS, OpCounter
from nodes.runtime import run


class ImpatientCounter(OpCounter):
    """Differs from the counter of operations in the number of what it sends again."""

    def retry(self) -> None:
        """Send what was not acknowledged in time as if it was something new."""
        for peer, owed in self.owed.items():
            due = [
                number for number, again_ns in owed.items() if again_ns <= self.now_ns
            ]
            for number in due:
                del owed[number]
                self.last += 1
                own = self.counted[self.node_id]
                own[self.last] = own[number]
                owed[self.last] = self.now_ns + RETRY_NS
                self.tell(peer, [self.last], again=True)


if __name__ == "__main__":
    run(ImpatientCounter)
