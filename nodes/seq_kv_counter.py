"""The naive counter on a weaker store: read and write in `seq-kv`.

It loses updates as `lost_update` does, and more. A sequentially consistent store may
show a node the past, as long as that node never goes back: a node that has been
silent for a while may read an old number and write back its sum. So this one loses
updates even if only one client at a time is at work, on one node after the other.
"""

from __future__ import annotations

from nodes.lost_update import LostUpdate
from nodes.runtime import run


class SeqKvCounter(LostUpdate):
    """Differs from the naive counter in the service that keeps the number."""

    service = "seq-kv"


if __name__ == "__main__":
    run(SeqKvCounter)
