"""An OR-Set that forgets what was removed.

The bug: it has neither tombstones nor a memory of what it has seen, and takes what a
peer has and it has not for news.
It shows as `resurrected-element`: what was removed comes back from the next peer.
It needs no fault.
"""

from __future__ import annotations

from nodes.faulty._sets import Union
from nodes.or_set import ORSetNode
from nodes.runtime import run


class NoTombstoneSet(ORSetNode):
    """Differs from the OR-Set in what a merge remembers."""

    kind = Union


if __name__ == "__main__":
    run(NoTombstoneSet)
