"""A register that cuts contexts short.

The bug: of a context only what it says of the writing client is kept, to save space.
What others have written and the client has seen is not replaced.
It shows as `clock-below-context`, and as `superseded-sibling`.
It needs no fault: two clients that write in turns are enough.
"""

from __future__ import annotations

from nodes.crdt import MVRegister, VersionVector
from nodes.runtime import run
from nodes.vv_register import VVRegister


class CutContextRegister(VVRegister):
    """Differs from the register with clocks in how long contexts are."""

    def clock_of(
        self, client: str, register: MVRegister, context: VersionVector
    ) -> VersionVector:
        """Return one more count of the client, and what is known of nobody else."""
        own = VersionVector({client: context[client]})
        return super().clock_of(client, register, own)


if __name__ == "__main__":
    run(CutContextRegister)
