"""An OR-Set that tells nobody what it has removed.

The bug: its messages carry the elements that are there, and no tombstones.
It shows as `resurrected-element`: what one node has removed others still show; and as
`divergence`.
It needs no fault.
"""

from __future__ import annotations

from nodes.or_set import ORSetNode
from nodes.runtime import Body, run


class LocalRemovesSet(ORSetNode):
    """Differs from the OR-Set in what a message says."""

    def encode(self) -> Body:
        """Tell what is there."""
        return {"state": {**self.state.encode(), "removed": []}}

    def keep(self) -> None:
        """Keep all of it."""
        self.disk.write("state", {"state": self.state.encode()})


if __name__ == "__main__":
    run(LocalRemovesSet)
