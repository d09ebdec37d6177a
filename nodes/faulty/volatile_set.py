"""An OR-Set in memory.

The bug: nothing is put on disk, so that a node begins with nothing when it is started
again, and has back only what it had told others. Its tags are new ones, at least.
It shows as `lost-add`: what it acknowledged is not there, until a peer tells it, or for
ever if nobody had heard of it.
It needs a *kill*.
"""

from __future__ import annotations

from nodes.or_set import ORSetNode
from nodes.runtime import run


class VolatileSet(ORSetNode):
    """Differs from the OR-Set in what it keeps."""

    def start(self) -> None:
        """Begin with nothing, under a new name."""
        super().start()
        self.actor = f"{self.node_id}.{self.epoch}"

    def keep(self) -> None:
        """Leave the disk alone."""


if __name__ == "__main__":
    run(VolatileSet)
