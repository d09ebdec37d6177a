"""Ids made of the node's name and a count on its disk.

The bug: nothing but the disk knows which ids are taken. A node with a new disk under
its old name takes them again.
It shows as `duplicate-id`.
It needs a *kill* with the disk *lost*. As long as the disk is kept, it is right.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, run
from nodes.unique_ids import UniqueIds


class DiskIds(UniqueIds):
    """Differs from the unique ids in that the count goes on in the next life."""

    def start(self) -> None:
        """Go on after the last id that is on disk."""
        self.life = "id"
        self.count = self.disk.read("count") or 0

    def generate(self, message: Message) -> Body:
        """Make the next id, and put it on disk before anybody has it."""
        reply = super().generate(message)
        self.disk.write("count", self.count)
        return reply


if __name__ == "__main__":
    run(DiskIds)
