"""A register that takes over all siblings of a peer.

The bug: a write replaces what its client has seen on the node where it is made; but a
merge is the union of all values, and brings them back from where they still are.
It shows as `superseded-sibling`.
It needs no fault.
"""

from __future__ import annotations

from nodes.crdt import MVRegister, MVRegisters
from nodes.faulty._registers import UnprunedRegister, UnprunedRegisters
from nodes.runtime import run
from nodes.vv_register import VVRegister


class UnionSiblingsRegister(VVRegister):
    """Differs from the register with clocks in how it merges what a peer has."""

    kind = UnprunedRegisters

    def learn(self, news: MVRegisters) -> bool:
        """Take an own write, over what its context covers."""
        [(key, written)] = news.registers.items()
        entries = [*self.state.get(key).entries, *written.entries]
        left = UnprunedRegister(MVRegister(entries).entries)
        self._change(UnprunedRegisters({**self.state.registers, key: left}))
        return True


if __name__ == "__main__":
    run(UnionSiblingsRegister)
