"""A counter that reckons with what it has not heard.

The bug: while it hears nobody, it adds one for what others will have counted meanwhile.
So they have, mostly; but a counter is asked for what it knows.
It shows as `impossible-knowledge`: no message can have told the node of so much.
It needs a *partition*. When that is over, the estimate gives way to what is right, which
is more.
"""

from __future__ import annotations

from nodes.g_counter import GCounterNode
from nodes.runtime import Body, Message, handler, run


SILENCE_NS = 400_000_000
ESTIMATE = 1


class EstimatingCounter(GCounterNode):
    """Differs from the G-Counter in that it adds what it believes."""

    def start(self) -> None:
        """Begin as if a peer had just been heard."""
        super().start()
        self.heard_ns = self.now_ns

    @handler("replicate")
    def replicate(self, message: Message) -> None:
        """Take note of when a peer was heard."""
        self.heard_ns = self.now_ns
        super().replicate(message)

    def read(self, _: Message) -> Body:
        """Return the sum, and an estimate of what is missing if all are silent."""
        silent = self.now_ns - self.heard_ns > SILENCE_NS
        value = self.state.value + (ESTIMATE if silent else 0)
        return {"type": "read_ok", "value": value}


if __name__ == "__main__":
    run(EstimatingCounter)
