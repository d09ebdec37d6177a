"""Broadcast: every value reaches every node, with few messages, through partitions.

A value goes to the neighbours of the topology, except the one it came from, and is
sent again until the neighbour is known to have it. So on a tree it crosses each link
once. Acknowledgements wait for a message that goes the same way anyhow, or are
sent together ten times a second.

`--batch-ms 150` makes values wait that long for company: far fewer messages, more delay.
"""

from __future__ import annotations

from nodes.crdt import identity
from nodes.errors import MALFORMED_REQUEST
from nodes.runtime import Body, Message, Node, RpcError, every, handler, require, run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any

TICK_S = 0.1
RETRY_NS = 1_000_000_000  # more than a round trip and a tick, even on a slow network


class Broadcast(Node):
    """Floods the topology, or a complete one as long as none is given."""

    def start(self) -> None:
        """Begin without values; all peers are neighbours until told otherwise.

        `owed` has, for each neighbour, the values that it is not known to have, and
        the time to send each of them, for the first time or again.
        """
        self.batch_s = self.option("--batch-ms", 0.0) / 1000
        self.values: dict[str, Any] = {}
        self.owed: dict[str, dict[str, int]] = {peer: {} for peer in self.peers}
        self.acks: dict[str, list[Any]] = {}
        self.is_flush_planned = False

    @handler("topology")
    def topology(self, message: Message) -> Body:
        """Take the neighbours from the topology; new ones get what is known here."""
        neighbours = require(message["body"], "topology", dict).get(self.node_id, [])
        self.owed = {
            peer: self.owed.get(peer, dict.fromkeys(self.values, self.now_ns))
            for peer in neighbours
            if peer != self.node_id
        }
        return {"type": "topology_ok"}

    @handler("broadcast")
    def broadcast(self, message: Message) -> Body:
        """Take a value from a client."""
        if "message" not in message["body"]:
            raise RpcError(MALFORMED_REQUEST, "broadcast needs 'message'")
        self.learn([message["body"]["message"]])
        return {"type": "broadcast_ok"}

    @handler("read")
    def read(self, _: Message) -> Body:
        """Return the values that have arrived here."""
        return {"type": "read_ok", "messages": list(self.values.values())}

    @handler("gossip")
    def gossip(self, message: Message) -> None:
        """Take values and acknowledgements; either shows what the sender has."""
        peer, body = message["src"], message["body"]
        values, acks = require(body, "values", list), require(body, "acks", list)
        self.learn(values)
        for value in values + acks:
            self.owed.get(peer, {}).pop(identity(value), None)
        if values:
            self.acks.setdefault(peer, []).extend(values)

    def learn(self, values: list[Any]) -> None:
        """Owe new values to all neighbours, and plan to send them, in one message."""
        told = {identity(value): value for value in values}
        new = told.keys() - self.values.keys()
        self.values |= told
        for owed in self.owed.values():
            owed.update(dict.fromkeys(new, self.now_ns))
        if new and not self.is_flush_planned:
            self.is_flush_planned = True
            self.spawn(self.flush_later())

    async def flush_later(self) -> None:
        """Send when the batch is over, or after this turn's input if there is none."""
        await self.sleep(self.batch_s)
        self.is_flush_planned = False
        self.flush()

    @every(TICK_S)
    def tick(self) -> None:
        """Send again what was not acknowledged, and the acknowledgements that wait."""
        if not self.is_flush_planned:
            self.flush()
        for peer in list(self.acks):
            self.send_gossip(peer, [])

    def flush(self) -> None:
        """Send each neighbour all that is due."""
        for peer, owed in self.owed.items():
            due = [key for key, due_ns in owed.items() if due_ns <= self.now_ns]
            owed.update(dict.fromkeys(due, self.now_ns + RETRY_NS))
            if due:
                self.send_gossip(peer, [self.values[key] for key in due])

    def send_gossip(self, peer: str, values: list[Any]) -> None:
        """Send values together with the acknowledgements for the same peer."""
        acks = self.acks.pop(peer, [])
        self.send(peer, {"type": "gossip", "values": values, "acks": acks})


if __name__ == "__main__":
    run(Broadcast)
