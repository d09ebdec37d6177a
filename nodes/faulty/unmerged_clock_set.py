"""An optimised OR-Set that takes the elements of its peers, and not what they have seen.

The bug: the memory of what was seen is never merged, and so knows of the adds of this
node alone.
It shows as `resurrected-element`: an add of another node that is removed here is news
when that node tells of it again.
It needs no fault, as long as elements are removed on other nodes than those that added
them, once these had shown them.
"""

from __future__ import annotations

from nodes.crdt import CausalContext, OptimisedORSet, VersionVector
from nodes.or_set_optimised import OptimisedORSetNode
from nodes.runtime import run


class UnmergedClockSet(OptimisedORSetNode):
    """Differs from the optimised OR-Set in what it has seen."""

    def _change(self, state: OptimisedORSet) -> None:  # type: ignore[override]
        own = VersionVector({self.actor: state.seen.vector[self.actor]})
        super()._change(OptimisedORSet(state.live, CausalContext(own)))


if __name__ == "__main__":
    run(UnmergedClockSet)
