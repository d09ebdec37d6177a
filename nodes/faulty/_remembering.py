"""A register that is right whatever its clocks say."""

from __future__ import annotations

from nodes.crdt import CausalContext, VersionVector
from nodes.dvv_register import DVVRegister
from nodes.runtime import Body, Message, handler, require


class RememberingRegister(DVVRegister):
    """Remembers what it has shown to whom, and so knows what a write replaces.

    Clients are told clocks as by its parent, and send them back; but nothing depends on
    that as long as they stay with their node, and nobody forgets anything. So a mistake
    in these clocks goes unnoticed, until somebody trusts them.
    """

    def start(self) -> None:
        """Begin with nothing shown to anybody."""
        super().start()
        self.shown: dict[tuple[str, str], CausalContext] = {}

    @handler("vv_write")
    def write(self, message: Message) -> Body:
        """Write a value over what its client was shown; return a clock."""
        body = message["body"]
        key, value = require(body, "key", str), require(body, "value", object)
        register = self.state.get(key)
        known, context = register.seen.vector, VersionVector.decode(body["context"])
        lane = self.lane(known, context)
        clock = self.clock_of(lane, known, context).encode()
        shown = self.shown.get((message["src"], key), CausalContext())
        delta = register.write(lane, {"value": value, "vc": clock}, shown)
        self.share(self.state.put(key, delta))
        self.shown[message["src"], key] = delta.seen
        return {"type": "vv_write_ok", "vc": clock}

    @handler("vv_read")
    def read(self, message: Message) -> Body:
        """Return the values of a key, and remember who has seen them."""
        client, key = message["src"], require(message["body"], "key", str)
        shown = self.shown.get((client, key), CausalContext())
        self.shown[client, key] = shown.include(*self.state.get(key).live)
        return super().read(message)

    def clock_of(
        self, lane: str, known: VersionVector, context: VersionVector
    ) -> VersionVector:
        """Return the clock of a write, as clients are told."""
        del known
        return context.increment(lane)
