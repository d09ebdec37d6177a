"""Registers whose writers say what they have seen, with clocks of the clients' names.

In mode `vv` all concurrent values are shown. In mode `lww` just the last by the clocks
is; of the others nobody hears any more.
"""

from __future__ import annotations

from nodes.crdt import MVRegister, MVRegisters, VersionVector, identity
from nodes.errors import MALFORMED_REQUEST
from nodes.replica import Replica
from nodes.runtime import Body, Message, RpcError, decoded, handler, require, run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

MODES = ("vv", "lww")


class VVRegister(Replica):
    """A write replaces the values that its context covers, wherever it is made.

    The clock of a write is its context and one more count, mostly the client's. That is
    no name for the write if the client has not seen its own last one: then the node
    counts under a name that it makes up. So clients may write blindly, but not on two
    nodes that have not heard of each other: there both writes would get one clock.
    Both are kept even so, and the next write over one of them replaces both.

    Each value has a stamp beside it, for the mode `lww`: later than those that are
    known here, however wrong the clock is. A read that picks the latest of the
    concurrent values forgets none but concurrent ones.
    """

    kind = MVRegisters
    state: MVRegisters

    def start(self) -> None:
        """Begin in the mode that was set last."""
        super().start()
        self.mode: str = self.disk.read("mode") or "vv"

    @handler("set_mode")
    def set_mode(self, message: Message) -> Body:
        """Choose what reads show on this node."""
        mode = require(message["body"], "mode", str)
        if mode not in MODES:
            raise RpcError(MALFORMED_REQUEST, f"modes are {MODES}, not {mode!r}")
        self.mode = mode
        self.disk.write("mode", mode)
        return {"type": "set_mode_ok"}

    @handler("vv_write")
    def write(self, message: Message) -> Body:
        """Write a value over what the context covers; return the clock."""
        key = require(message["body"], "key", str)
        value = require(message["body"], "value", object)
        context = decoded(message["body"], "context", VersionVector.decode, {})
        register = self.state.get(key)
        clock = self.clock_of(message["src"], register, context)
        entry = [value, self.time_of(register), self.actor]
        self.share(self.state.put(key, MVRegister([(clock, entry)])))
        return {"type": "vv_write_ok", "vc": clock.encode()}

    @handler("vv_read")
    def read(self, message: Message) -> Body:
        """Return the values of a key, and whether there are several."""
        entries = self.state.get(require(message["body"], "key", str)).entries
        if self.mode == "lww":
            entries = sorted(entries, key=stamp_of)[-1:]
        values = [{"value": v[0], "vc": clock.encode()} for clock, v in entries]
        return {"type": "vv_read_ok", "values": values, "conflict": len(values) > 1}

    def clock_of(
        self, client: str, register: MVRegister, context: VersionVector
    ) -> VersionVector:
        """Return the clock of a write: its context, and one more count."""
        return context.increment(self.writer(client, register.clock, context))

    def time_of(self, register: MVRegister) -> int:
        """Return the time of a write: later than all that is known here."""
        latest = max((time for _, time, _ in register.values), default=0)
        return max(self.clock_ns(), latest + 1)

    def writer(self, client: str, known: VersionVector, context: VersionVector) -> str:
        """Return the name to count a write under: one whose writes are all in the context."""
        return next(name for name in self.names(client) if known[name] <= context[name])

    def names(self, client: str) -> Iterator[str]:
        """Yield the client's name, and then such as no other node makes up."""
        yield client
        number = 1
        while True:
            yield f"{client}@{self.actor}/{number}"
            number += 1


def stamp_of(entry: tuple[VersionVector, list[Any]]) -> tuple[int, str, str]:
    """Return the stamp of an entry: the greatest is the last one written."""
    value, time, actor = entry[1]
    return time, actor, identity(value)


if __name__ == "__main__":
    run(VVRegister)
