"""A text that puts off telling what was typed.

The bug: an insertion is done at once, and goes to disk and to others with the next tick
only. If the node is killed before, nobody has ever heard of it.
It shows as `lost-character`: it had been acknowledged, and no deletion can have hit it.
It needs a *kill*.
"""

from __future__ import annotations

from nodes.crdt import RGA
from nodes.rga import RGANode
from nodes.runtime import Body, every, run


INTERVAL_S = 0.5


class UnsavedInsertsRGA(RGANode):
    """Differs from the text that is right in what it saves and tells of insertions."""

    def start(self) -> None:
        """Begin with nothing put off."""
        self.unsaved: frozenset[str] = frozenset()
        super().start()

    def share(self, delta: RGA) -> None:
        """Take an edit, and put an insertion off."""
        self.unsaved |= delta.inserted.keys()
        super().share(delta)

    def encode(self) -> Body:
        """Return the text without what is put off."""
        inserted = self.state.inserted
        told = {name: inserted[name] for name in inserted if name not in self.unsaved}
        return {"state": RGA(told, self.state.deleted).encode()}

    @every(INTERVAL_S)
    def save(self) -> None:
        """Put nothing off any longer."""
        self.unsaved = frozenset()
        self.keep()


if __name__ == "__main__":
    run(UnsavedInsertsRGA)
