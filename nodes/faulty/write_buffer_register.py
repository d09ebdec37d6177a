"""A register that shows what is in its write buffer, and once more what is not only there.

The bug: a write stays in the buffer until the next tick, and reads look at the buffer
and at the register, where it is too.
It shows as `duplicate-sibling`, for as long as a tick takes.
It needs no fault.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, every, run
from nodes.vv_register import VVRegister


INTERVAL_S = 0.1


class WriteBufferRegister(VVRegister):
    """Differs from the register with clocks in where it looks for values."""

    def start(self) -> None:
        """Begin with an empty buffer."""
        super().start()
        self.empty_buffer()

    @every(INTERVAL_S)
    def empty_buffer(self) -> None:
        """Take what is in the buffer for written."""
        self.buffer: list[object] = []

    def write(self, message: Message) -> Body:
        """Write a value, and leave it in the buffer."""
        self.buffer.append(message["body"].get("value"))
        return super().write(message)

    def read(self, message: Message) -> Body:
        """Return the values of a key, and those of them that are in the buffer."""
        reply = super().read(message)
        reply["values"] += [
            entry for entry in reply["values"] if entry["value"] in self.buffer
        ]
        return reply


if __name__ == "__main__":
    run(WriteBufferRegister)
