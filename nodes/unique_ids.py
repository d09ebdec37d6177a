"""Makes ids that no other node makes, and this one not again after a restart."""

from __future__ import annotations

from nodes.runtime import Body, Message, Node, handler, run


class UniqueIds(Node):
    """Needs nobody else: the name of the node, which life of it, and a count."""

    def start(self) -> None:
        """Name this life of the node: its number, when it began, and a random number.

        The number may be the same again if nobody counts lives, the time after the
        machine was restarted, the random number after a restart with the same seed.
        The wall clock has no say, nor what is on disk: either may go back.
        """
        began = f"{self.epoch}-{self.now_ns:x}"
        self.life = f"{began}-{self.rng.getrandbits(32):08x}"
        self.count = 0

    @handler("generate")
    def generate(self, _: Message) -> Body:
        """Return the next id."""
        self.count += 1
        return {"type": "generate_ok", "id": f"{self.node_id}-{self.life}-{self.count}"}


if __name__ == "__main__":
    run(UniqueIds)
