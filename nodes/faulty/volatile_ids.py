"""Ids made of the node's name and a count that it forgets when it is killed.

The bug: the count is in memory only, and nothing else tells one life from the next.
It shows as `duplicate-id`: after a restart the same ids come again.
It needs a *kill*, and nothing about the disk: there is nothing on it.
"""

from __future__ import annotations

from nodes.runtime import run
from nodes.unique_ids import UniqueIds


class VolatileIds(UniqueIds):
    """Differs from the unique ids in that every life of the node has the same name."""

    def start(self) -> None:
        """Begin with the first id."""
        self.life = "id"
        self.count = 0


if __name__ == "__main__":
    run(VolatileIds)
