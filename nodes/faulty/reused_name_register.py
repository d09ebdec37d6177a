"""A register that counts under the same name after it has lost its disk.

The bug: a node that has forgotten its counts begins at one again, as the node that it
was. Peers know these numbers, and take its writes for old ones.
It shows as `dot-reuse`, and as `lost-write`.
It needs a *kill* with the disk *lost*.
"""

from __future__ import annotations

from nodes.dvv_register import DVVRegister
from nodes.runtime import run


class ReusedNameRegister(DVVRegister):
    """Differs from the register with dots in the name that it counts under."""

    def start(self) -> None:
        """Begin as the node that it always was."""
        super().start()
        self.actor = self.node_id


if __name__ == "__main__":
    run(ReusedNameRegister)
