"""The optimised OR-Set: as `or_set` to look at, and no tombstones inside."""

from __future__ import annotations

from nodes.crdt import OptimisedORSet
from nodes.runtime import Body, run
from nodes.set_replica import SetReplica


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class OptimisedORSetNode(SetReplica):
    """Remembers which adds it has seen, by a count for each node, not what they were."""

    kind = OptimisedORSet
    state: OptimisedORSet

    def adding(self, element: Any) -> tuple[OptimisedORSet, Body]:
        """Add under the next dot of this node."""
        delta = self.state.add(self.actor, element)
        return delta, {"tag": next(iter(delta.live))}

    def removing(self, element: Any) -> tuple[OptimisedORSet, Body]:
        """Remove the adds that are known here."""
        tags = self.state.tags(element)
        return self.state.remove(element), {"tags_removed": tags}


if __name__ == "__main__":
    run(OptimisedORSetNode)
