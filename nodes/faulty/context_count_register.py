"""A register that counts the writes of a client from the context alone.

The bug: the number of a write is one above what its context says of the client. A
client that says that it has seen nothing gets the same number again and again.
It shows as `dot-reuse`.
It needs clients that write blindly, and no fault. Those whose contexts never fall
behind count right by themselves.
"""

from __future__ import annotations

from nodes.runtime import run
from nodes.vv_register import VVRegister


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from nodes.crdt import VersionVector


class ContextCountRegister(VVRegister):
    """Differs from the register with clocks in that it trusts the context."""

    def writer(self, client: str, known: VersionVector, context: VersionVector) -> str:
        """Return the client's name, whatever is known of it."""
        del known, context
        return client


if __name__ == "__main__":
    run(ContextCountRegister)
