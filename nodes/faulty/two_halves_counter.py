"""A counter that counts a number in two halves.

The bug: an add is taken in as two, one after the other, and reads come in between. It
is acknowledged when it is all there, and in the end nothing is missing.
It shows as `impossible-value`: no choice of adds sums to half of one.
It needs no fault, and has to be caught early: many adds sum to any number.
"""

from __future__ import annotations

from nodes.errors import MALFORMED_REQUEST
from nodes.g_counter import GCounterNode
from nodes.runtime import Body, Message, RpcError, require, run


PAUSE_S = 0.05


class TwoHalvesCounter(GCounterNode):
    """Differs from the G-Counter in how it counts."""

    async def add(self, message: Message) -> Body:  # type: ignore[override]  # it waits
        """Count one half, and after a moment the other one."""
        delta = require(message["body"], "delta", int)
        if delta < 0:
            raise RpcError(MALFORMED_REQUEST, "a G-Counter only grows")
        self._count(delta // 2)
        await self.sleep(PAUSE_S)
        self._count(delta - delta // 2)
        return {"type": "add_ok"}


if __name__ == "__main__":
    run(TwoHalvesCounter)
