"""A list that says everything once.

The bug: nodes do not compare what they have. An operation goes to all peers when it is
issued, and never again; what comes later waits for it.
It shows as `divergence`: who did not get it stays behind for good.
It needs a *partition*, or any other loss.
"""

from __future__ import annotations

from nodes.gossip import INTERVAL_S
from nodes.op_rga import OpRGA
from nodes.runtime import every, run


class FireAndForgetRGA(OpRGA):
    """Differs from the list that is right in what it repeats: nothing."""

    @every(INTERVAL_S)
    def compare(self) -> None:
        """Tell nobody how much is known here."""


if __name__ == "__main__":
    run(FireAndForgetRGA)
