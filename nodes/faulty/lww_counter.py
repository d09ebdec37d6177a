"""A counter in which the last writer wins, by the wall clock.

The bug: of two states of a slot the one with the later time is kept. A slot has one
writer only, so this seems safe, and is, as long as the writer's clock goes forward.
It shows as `lost-update`: what a node counts with its clock set back is older than
what its peers know of it, even to itself.
It needs a *clock* that is set back.
"""

from __future__ import annotations

from nodes.faulty._stamped import StampedCounter
from nodes.g_counter import GCounterNode
from nodes.runtime import Body, run


class LwwCounter(GCounterNode):
    """Differs from the G-Counter in how two states of a slot are merged."""

    state: StampedCounter

    def empty(self) -> StampedCounter:
        """Begin with nothing counted."""
        return StampedCounter()

    def encode(self) -> Body:
        """Let the times travel with the slots."""
        return {**super().encode(), "stamps": dict(self.state.stamps)}

    def decode(self, body: Body) -> StampedCounter:
        """Read the slots and the times of another node."""
        return StampedCounter(super().decode(body).slots, body["stamps"])

    def _count(self, amount: int) -> None:
        self.update(self.state.write(self.node_id, amount, self.clock_ns()))


if __name__ == "__main__":
    run(LwwCounter)
