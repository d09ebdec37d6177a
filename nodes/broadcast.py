"""Broadcast: every value reaches every node, with few messages, through partitions.

A value goes to the neighbours of the topology, except the one it came from, until it
is known to be there: on a tree it crosses each link once. Acknowledgements wait for a
message that goes the same way, or are sent together five times a second. With
`--batch-ms 150` values go out that often at most: far fewer messages, more delay.
"""

from __future__ import annotations

from nodes.crdt import identity
from nodes.runtime import Body, Message, Node, every, handler, require, run


ACK_S, CHECK_S = 0.2, 0.1
RETRY_NS = 1_000_000_000  # more than a round trip and the wait of an acknowledgement
MAX_VALUES = 1000  # sent again to one neighbour at once


class Broadcast(Node):
    """Floods the topology, or a complete one as long as none is given."""

    def start(self) -> None:
        """Begin with what is on disk; all peers are neighbours until told otherwise.

        `owed` tells when to send each neighbour again what it is not known to have.
        """
        self.batch_ns = int(self.option("--batch-ms", 0.0) * 1e6)
        self.next_flush_ns = 0
        self.values = {identity(value): value for value in self.disk.lines("values")}
        self.owed: dict[str, dict[str, int]] = {}
        self.acks: dict[str, list[object]] = {}
        self.news: list[str] = []
        self.meet()

    @handler("topology")
    def topology(self, message: Message) -> Body:
        """Take the neighbours from the topology, and keep them for after a restart."""
        links = require(message["body"], "topology", dict)
        others = [peer for peer in links.get(self.node_id, []) if peer != self.node_id]
        self.disk.write("neighbours", others)
        self.meet()
        return {"type": "topology_ok"}

    def meet(self) -> None:
        """Have the neighbours that are on disk; new ones get what is known here."""
        kept = self.disk.read("neighbours")
        neighbours = self.peers if kept is None else kept
        due = {peer: dict.fromkeys(self.values, self.now_ns) for peer in neighbours}
        self.owed = {peer: self.owed.get(peer, due[peer]) for peer in neighbours}

    @handler("broadcast")
    def broadcast(self, message: Message) -> Body:
        """Take a value from a client."""
        self.learn([require(message["body"], "message", object)])
        return {"type": "broadcast_ok"}

    @handler("read")
    def read(self, _: Message) -> Body:
        """Return the values that have arrived here."""
        return {"type": "read_ok", "messages": list(self.values.values())}

    @handler("gossip")
    def gossip(self, message: Message) -> None:
        """Take values and acknowledgements; either shows what the sender has."""
        peer, body = message["src"], message["body"]
        values = require(body, "values", list)
        self.learn(values)
        for value in values + require(body, "acks", list):
            self.owed.get(peer, {}).pop(identity(value), None)
        if values:
            self.acks.setdefault(peer, []).extend(values)

    def learn(self, values: list[object]) -> None:
        """Owe new values to all neighbours, and plan to send them, in one message."""
        told = {identity(value): value for value in values}
        new = [key for key in told if key not in self.values]
        self.values |= told
        if new:  # on disk before anybody hears of it, or that it is here
            self.disk.append("values", *[told[key] for key in new])
        again_ns = self.now_ns + self.batch_ns + RETRY_NS
        for owed in self.owed.values():
            owed.update(dict.fromkeys(new, again_ns))
        if new and not self.news:
            self.spawn(self.flush_later())
        self.news += new

    async def flush_later(self) -> None:
        """Send what is new: after this turn's input, or when the batch time is over."""
        await self.sleep(max(0, self.next_flush_ns - self.now_ns) / 1e9)
        self.next_flush_ns = self.now_ns + self.batch_ns
        news, self.news = self.news, []
        for peer, owed in self.owed.items():
            if keys := [key for key in news if key in owed]:
                self.tell(peer, keys)

    @every(CHECK_S)
    def retry(self) -> None:
        """Send again what was not acknowledged in time."""
        for peer, owed in self.owed.items():
            due = [key for key, again_ns in owed.items() if again_ns <= self.now_ns]
            if due:
                owed.update(dict.fromkeys(due[:MAX_VALUES], self.now_ns + RETRY_NS))
                self.tell(peer, due[:MAX_VALUES])

    @every(ACK_S)
    def acknowledge(self) -> None:
        """Send the acknowledgements that found no company."""
        for peer in list(self.acks):
            self.tell(peer, [])

    def tell(self, peer: str, keys: list[str]) -> None:
        """Send values, and the acknowledgements for the same peer."""
        values, acks = [self.values[key] for key in keys], self.acks.pop(peer, [])
        self.send(peer, {"type": "gossip", "values": values, "acks": acks})


if __name__ == "__main__":
    run(Broadcast)
