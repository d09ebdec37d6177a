"""The OR-Set: adds have tags, and a remove takes back those tags that it has seen."""

from __future__ import annotations

from nodes.crdt import ORSet
from nodes.crdt.dots import dot
from nodes.runtime import Body, run
from nodes.set_replica import SetReplica


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class ORSetNode(SetReplica):
    """An add wins over a remove at the same time; removed tags are kept for ever."""

    kind = ORSet
    state: ORSet

    def start(self) -> None:
        """Count tags on from those on disk: one used twice would be born removed."""
        super().start()
        self.count = self.state.count(self.actor)

    def adding(self, element: Any) -> tuple[ORSet, Body]:
        """Add under a new tag, also what is there: a remove elsewhere has not seen it."""
        self.count += 1
        tag = dot(self.count, self.actor)
        return self.state.add(tag, element), {"tag": tag}

    def removing(self, element: Any) -> tuple[ORSet, Body]:
        """Remove the tags that are known here."""
        tags = self.state.tags(element)
        return self.state.remove(element), {"tags_removed": tags}


if __name__ == "__main__":
    run(ORSetNode)
