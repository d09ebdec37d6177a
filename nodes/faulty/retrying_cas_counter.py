"""A counter by compare-and-swap that takes no answer for a no.

The bug: a swap that is not answered soon is taken for one that has not happened, and
the add begins anew, on top of the swap that did happen.
It shows as `over-count`.
It needs *slow-services*: the swap arrives, and its answer takes too long.
"""

from __future__ import annotations

from nodes.cas_counter import KEY
from nodes.fresh_cas_counter import FreshCasCounter
from nodes.kv import KV
from nodes.runtime import RpcTimeout, run


PATIENCE_S = 0.25
ENDURANCE_S = 10.0


class RetryingCasCounter(FreshCasCounter):
    """Differs from the fresh counter in what it makes of silence."""

    def start(self) -> None:
        """Wait as long as it takes for a read, and not at all long for a swap."""
        super().start()
        self.kv = KV(self, "seq-kv", ENDURANCE_S)
        self.hasty = KV(self, "seq-kv", PATIENCE_S)

    async def swap(self, old: int, new: int) -> bool:
        """Swap, and say that it was in vain if nothing is heard."""
        try:
            return await self.hasty.cas(KEY, old, new)
        except RpcTimeout:
            return False


if __name__ == "__main__":
    run(RetryingCasCounter)
