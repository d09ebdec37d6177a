"""A register that never says that there is a conflict.

The bug: the flag beside the values is always false.
It shows as `wrong-conflict-flag`.
It needs no fault: two clients that write the same register are enough.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, run
from nodes.vv_register import VVRegister


class NoConflictFlagRegister(VVRegister):
    """Differs from the register with clocks in what it says beside the values."""

    def read(self, message: Message) -> Body:
        """Return the values of a key, and that all is well."""
        return {**super().read(message), "conflict": False}


if __name__ == "__main__":
    run(NoConflictFlagRegister)
