"""A set in which the last writer wins, sold as an OR-Set.

The bug: whether an element is there is one register, which every add and every remove
overwrites. Nodes agree, and each element was there once, so all looks well.
It shows as `lost-add`: a remove that knew nothing of an add beats it by its time.
It needs a *partition*, on the two sides of which the same element is added and removed.
"""

from __future__ import annotations

from nodes.lww_set import LWWSetNode
from nodes.runtime import run


class LwwORSet(LWWSetNode):
    """Differs from the LWW element set in what it is sold as."""


if __name__ == "__main__":
    run(LwwORSet)
