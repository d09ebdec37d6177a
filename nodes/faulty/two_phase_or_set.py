"""A two-phase set, sold as an OR-Set.

The bug: what was removed once stays away, however often it is added again.
It shows as `lost-add`: an add after the last remove of its element has no effect.
It needs no fault, as long as somebody adds an element again.
"""

from __future__ import annotations

from nodes.runtime import run
from nodes.two_phase_set import TwoPhaseSetNode


class TwoPhaseORSet(TwoPhaseSetNode):
    """Differs from the 2P-Set in what it is sold as."""


if __name__ == "__main__":
    run(TwoPhaseORSet)
