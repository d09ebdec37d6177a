"""A text that repeats what was inserted, but not what was deleted.

The bug: an update goes to all peers at once, and later the text again and again, but
without its deletions.
It shows as `undeleted-character`, and as `divergence`: who missed it shows it for good.
It needs a *partition*, or any other loss.
"""

from __future__ import annotations

from nodes.gossip import INTERVAL_S
from nodes.rga import RGANode
from nodes.runtime import every, run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class DeleteOnceRGA(RGANode):
    """Differs from the text that is right in what it tells its peers."""

    def share(self, delta: Any) -> None:
        """Take an update, and tell all peers of it, and of nothing else."""
        if self.learn(delta):
            for peer in self.peers:
                self.send(peer, {"type": "replicate", "state": delta.encode()})

    @every(INTERVAL_S)
    def gossip(self) -> None:
        """Tell all peers what was inserted."""
        state = {**self.encode()["state"], "deleted": []}
        for peer in self.peers:
            self.send(peer, {"type": "replicate", "state": state})


if __name__ == "__main__":
    run(DeleteOnceRGA)
