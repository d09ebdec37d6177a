"""The OR-Set by deltas: as `or_set`, but an update travels without its past."""

from __future__ import annotations

from nodes.or_set import ORSetNode
from nodes.runtime import run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class DeltaORSet(ORSetNode):
    """Tells an update to all peers at once, at the cost of the update alone.

    A delta is a small state, and merged like one. What gets lost comes with the gossip
    of whole states. Until then a peer may know of an update and not of an earlier one
    that its node had made or seen: replicas converge all the same, but reads are no
    longer causally consistent.
    """

    def share(self, delta: Any) -> None:
        """Take an update, and tell all peers what is new in it."""
        if self.learn(delta):
            for peer in self.peers:
                self.send(peer, {"type": "replicate", "state": delta.encode()})


if __name__ == "__main__":
    run(DeltaORSet)
