"""A text that puts off telling what was deleted.

The bug: a deletion is done at once, and goes to disk and to others with the next tick
only. If the node is killed before, nobody has ever heard of it.
It shows as `undeleted-character`: it had been acknowledged, and the character is there in
the end, on all nodes alike.
It needs a *kill*.
"""

from __future__ import annotations

from nodes.crdt import RGA
from nodes.rga import RGANode
from nodes.runtime import Body, every, run


INTERVAL_S = 0.5


class UnsavedDeletesRGA(RGANode):
    """Differs from the text that is right in what it saves and tells of deletions."""

    def start(self) -> None:
        """Begin with nothing put off."""
        self.unsaved: frozenset[str] = frozenset()
        super().start()

    def share(self, delta: RGA) -> None:
        """Take an edit, and put a deletion off."""
        self.unsaved |= delta.deleted
        super().share(delta)

    def encode(self) -> Body:
        """Return the text without what is put off."""
        deleted = self.state.deleted - self.unsaved
        return {"state": RGA(self.state.inserted, deleted).encode()}

    @every(INTERVAL_S)
    def save(self) -> None:
        """Put nothing off any longer."""
        self.unsaved = frozenset()
        self.keep()


if __name__ == "__main__":
    run(UnsavedDeletesRGA)
