"""A text that keeps what was inserted at one place in the order of time.

The bug: of the characters that hang from one the oldest comes first, not the newest.
So what is inserted after "a" in "ab" lands behind "b".
It shows as `intention-violation`: all nodes agree, on what nobody typed.
It needs no fault.
"""

from __future__ import annotations

from nodes.crdt import RGA
from nodes.rga import RGANode
from nodes.runtime import run


class OldestFirst(RGA):
    """Differs in the order of those that hang from one."""

    __slots__ = ()

    def by_age(self) -> list[str]:
        """Return all ids, the newest first."""
        return super().by_age()[::-1]


class OldestFirstRGA(RGANode):
    """Differs from the text that is right in its type."""

    kind = OldestFirst


if __name__ == "__main__":
    run(OldestFirstRGA)
