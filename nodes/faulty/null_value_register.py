"""A register that has a value before anybody has written one.

The bug: what was never written is shown as null, and not as no value.
It shows as `phantom-value`.
It needs no fault.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, run
from nodes.vv_register import VVRegister


class NullValueRegister(VVRegister):
    """Differs from the register with clocks in what it shows of nothing."""

    def read(self, message: Message) -> Body:
        """Return the values of a key, or null without any."""
        reply = super().read(message)
        reply["values"] = reply["values"] or [{"value": None, "vc": {}}]
        return reply


if __name__ == "__main__":
    run(NullValueRegister)
