"""A counter that says no to an add that it has counted.

The bug: an add is counted, and refused as *temporarily unavailable* if no peer says in
time that it has it. That error promises that nothing has happened.
It shows as `aborted-effect`.
It needs a *partition*, or anything else that keeps a node from hearing of its peers.
"""

from __future__ import annotations

from nodes.crdt import GCounter
from nodes.errors import TEMPORARILY_UNAVAILABLE
from nodes.g_counter import GCounterNode
from nodes.runtime import Body, Message, RpcError, run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any

PATIENCE_S = 0.4


class AppliedErrorCounter(GCounterNode):
    """Differs from the G-Counter in that it wants to hear that a peer has the add."""

    async def add(self, message: Message) -> Body:  # type: ignore[override]  # it waits
        """Count, and complain if nobody has heard of it."""
        reply = super().add(message)
        count = self.state.slots[self.node_id]
        await self.sleep(PATIENCE_S)
        if not any(self.has(peer, count) for peer in self.peers):
            raise RpcError(TEMPORARILY_UNAVAILABLE, "no peer has heard of the add")
        return reply

    def has(self, peer: str, count: int) -> bool:
        """Tell whether a peer was heard to know so much of what was counted here."""
        state: Any = self._heard.get(peer, GCounter())
        return bool(state.slots.get(self.node_id, 0) >= count)


if __name__ == "__main__":
    run(AppliedErrorCounter)
