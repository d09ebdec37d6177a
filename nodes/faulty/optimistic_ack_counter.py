"""A counter that never says no.

The bug: an add is acknowledged even if the store could not be reached: "it will get
there in the end". Nothing sees to it.
It shows as `lost-update`.
It needs a *service-partition*, or a store that does not answer in time.
"""

from __future__ import annotations

from nodes.errors import MALFORMED_REQUEST
from nodes.fresh_cas_counter import FreshCasCounter
from nodes.kv import KV
from nodes.runtime import Body, Message, RpcError, run


PATIENCE_S = 0.5


class OptimisticAckCounter(FreshCasCounter):
    """Differs from the fresh counter in what it does about errors."""

    def start(self) -> None:
        """Let no client wait for long."""
        super().start()
        self.kv = KV(self, "seq-kv", PATIENCE_S)

    async def add(self, message: Message) -> Body:
        """Add if it can be done, and say so in any case."""
        try:
            return await super().add(message)
        except RpcError as error:
            if error.code == MALFORMED_REQUEST:
                raise
            return {"type": "add_ok"}


if __name__ == "__main__":
    run(OptimisticAckCounter)
