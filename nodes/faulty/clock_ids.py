"""Ids made of the node's name, the second by the wall clock, and a count within it.

The bug: the count begins anew with each second that the clock shows, as if it never
showed the same second twice.
It shows as `duplicate-id`.
It needs a *clock* that is set back. A kill shows it only if the node is back within
the same second.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, run
from nodes.unique_ids import UniqueIds


class ClockIds(UniqueIds):
    """Differs from the unique ids in that the clock names the lives of the node."""

    def generate(self, message: Message) -> Body:
        """Make an id of the present second."""
        second = f"{self.clock_ns() // 1_000_000_000:x}"
        if second != self.life:
            self.life, self.count = second, 0
        return super().generate(message)


if __name__ == "__main__":
    run(ClockIds)
