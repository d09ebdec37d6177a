"""A counter of operations: each add goes to every peer, until the peer has said so.

`g_counter` repeats its whole state, so that it matters little what becomes of any one
message. Here each add travels by itself. It has to arrive, whatever gets lost: so it
is sent again until it is acknowledged. And it has to count once, however often it
arrives: so it has a number, and each node remembers which numbers it has counted.
"""

from __future__ import annotations

from nodes.runtime import Body, Message, Node, every, handler, require, run


CHECK_S = 0.1
RETRY_NS = 500_000_000
MAX_OPERATIONS = 500  # sent again to one peer at once


class OpCounter(Node):
    """Adds numbers of either sign without waiting for anybody.

    What it counts, its own adds and those of others, is on disk before anybody hears
    of it. After a restart it sends its own adds again, to be on the safe side.
    """

    def start(self) -> None:
        """Begin with what is on disk, which is nothing the first time.

        `owed` tells when to send each peer again what it has not acknowledged.
        """
        self.value = 0
        self.counted: dict[str, dict[int, int]] = {}
        for origin, number, delta in self.disk.lines("operations"):
            self.remember(origin, number, delta)
        own = self.counted.get(self.node_id, {})
        self.last = max(own, default=0)
        self.owed = {peer: dict.fromkeys(own, self.now_ns) for peer in self.peers}

    @handler("add")
    def add(self, message: Message) -> Body:
        """Count a whole number of either sign, and tell it to all peers."""
        delta = require(message["body"], "delta", int)
        self.last += 1
        self.count(self.node_id, self.last, delta)
        for peer in self.peers:
            self.owed[peer][self.last] = self.now_ns + RETRY_NS
            self.tell(peer, [self.last], again=False)
        return {"type": "add_ok"}

    @handler("read")
    def read(self, _: Message) -> Body:
        """Return the sum of what was counted here."""
        return {"type": "read_ok", "value": self.value}

    @handler("count")
    def learn(self, message: Message) -> None:
        """Count what is new among the operations of a peer; acknowledge all of them."""
        origin, body = message["src"], message["body"]
        operations = require(body, "operations", list)
        for number, delta in operations:
            if self.is_new(origin, number, again=require(body, "again", bool)):
                self.count(origin, number, delta)
        numbers = [number for number, _ in operations]
        self.send(origin, {"type": "counted", "numbers": numbers})

    @handler("counted")
    def acknowledged(self, message: Message) -> None:
        """Owe the peer no longer what it has counted."""
        for number in require(message["body"], "numbers", list):
            self.owed[message["src"]].pop(number, None)

    @every(CHECK_S)
    def retry(self) -> None:
        """Send again what was not acknowledged in time."""
        for peer, owed in self.owed.items():
            due = [
                number for number, again_ns in owed.items() if again_ns <= self.now_ns
            ]
            if due:
                owed.update(dict.fromkeys(due[:MAX_OPERATIONS], self.now_ns + RETRY_NS))
                self.tell(peer, due[:MAX_OPERATIONS], again=True)

    def is_new(self, origin: str, number: int, *, again: bool) -> bool:
        """Tell whether an operation is still to be counted.

        That it is sent again makes no difference: the network may repeat a message
        that was sent once.
        """
        del again
        return number not in self.counted.get(origin, {})

    def count(self, origin: str, number: int, delta: int) -> None:
        """Take an operation in, on disk first."""
        self.disk.append("operations", [origin, number, delta])
        self.remember(origin, number, delta)

    def remember(self, origin: str, number: int, delta: int) -> None:
        """Take in an operation that is on disk."""
        self.counted.setdefault(origin, {})[number] = delta
        self.value += delta

    def tell(self, peer: str, numbers: list[int], *, again: bool) -> None:
        """Send own operations to a peer, and whether they were sent before."""
        own = self.counted[self.node_id]
        operations = [[number, own[number]] for number in numbers]
        self.send(peer, {"type": "count", "operations": operations, "again": again})


if __name__ == "__main__":
    run(OpCounter)
