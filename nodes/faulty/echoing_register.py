"""A register that answers with the clock of the write before.

The bug: the reply is made before the write is counted. Its client takes the clock for
that of its own write, and replaces with the next one what it has not seen, and not
what it has.
It shows as `dot-reuse`, as `unstable-clock`, and as `superseded-sibling`.
It needs no fault.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, run
from nodes.vv_register import VVRegister


class EchoingRegister(VVRegister):
    """Differs from the register with clocks in which of them it returns."""

    def start(self) -> None:
        """Begin with no clock to return."""
        super().start()
        self.last: dict[str, Body] = {}

    def write(self, message: Message) -> Body:
        """Write a value, and return the clock of the last one that was written here."""
        key, reply = message["body"]["key"], super().write(message)
        echoed = self.last.get(key, reply)
        self.last[key] = reply
        return echoed


if __name__ == "__main__":
    run(EchoingRegister)
