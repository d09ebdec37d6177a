"""An OR-Set that counts its tags from one again when it is started again.

The bug: the count is in memory, the set on disk. After a restart adds get tags that
the node has given before, some of which are long removed.
It shows as `lost-add`: such an add is removed before it is made. Where nodes tell their
tags, `tag-reuse` shows it even when nothing is lost.
It needs a *kill* with the disk kept.
"""

from __future__ import annotations

from nodes.or_set import ORSetNode
from nodes.runtime import run


class ReusedTagsSet(ORSetNode):
    """Differs from the OR-Set in from where its tags are counted."""

    def start(self) -> None:
        """Go on with the set, and not with the count."""
        super().start()
        self.count = 0


if __name__ == "__main__":
    run(ReusedTagsSet)
