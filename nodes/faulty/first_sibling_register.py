"""A register that tells its peers one value.

The bug: of several siblings the first one is told, and the others stay where they are.
It shows as `lost-write`, and as `divergence`.
It needs no fault: two clients of one node are enough.
"""

from __future__ import annotations

from nodes.runtime import run
from nodes.vv_register import VVRegister


class FirstSiblingRegister(VVRegister):
    """Differs from the register with clocks in what it tells others."""

    def _gossip(self) -> None:
        registers = self.state.encode()
        first = {key: entries[:1] for key, entries in registers.items()}
        for peer in self.peers:
            self.send(peer, {"type": "replicate", "state": first})


if __name__ == "__main__":
    run(FirstSiblingRegister)
