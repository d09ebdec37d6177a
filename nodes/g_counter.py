"""The G-Counter: every node counts in a slot of its own, and gossips all slots."""

from __future__ import annotations

from nodes.crdt import GCounter
from nodes.errors import MALFORMED_REQUEST
from nodes.gossip import GossipNode
from nodes.runtime import Body, Message, RpcError, decoded, handler, require, run


class GCounterNode(GossipNode):
    """Adds and reads without waiting for anybody, so it works in any partition.

    A read may miss what other nodes have counted lately; it never shows more than
    was added, and at one node it never goes down.
    """

    state: GCounter

    def empty(self) -> GCounter:
        """Begin with nothing counted."""
        return GCounter()

    @handler("add")
    def add(self, message: Message) -> Body:
        """Count a number that is not negative."""
        self._count(require(message["body"], "delta", int))
        return {"type": "add_ok"}

    @handler("increment")
    def increment(self, _: Message) -> Body:
        """Count one, and tell how much this node alone has counted."""
        self._count(1)
        return {"type": "increment_ok", "local_value": self.state.slots[self.node_id]}

    @handler("read")
    def read(self, _: Message) -> Body:
        """Return the sum of all slots, as far as they are known here."""
        return {"type": "read_ok", "value": self.state.value}

    @handler("crdt_verify")
    def crdt_verify(self, message: Message) -> Body:
        """Merge the given states in both orders, and tell which laws that obeys."""
        body = message["body"]
        a = decoded(body, "state_a", GCounter.decode)
        b = decoded(body, "state_b", GCounter.decode)
        merge = self.merged
        ab, ba = merge(a, b), merge(b, a)
        answer = {
            "type": "crdt_verify_ok",
            "merge_ab": ab.encode(),
            "merge_ba": ba.encode(),
            "commutative": ab == ba,
            "idempotent": merge(a, a) == a and merge(b, b) == b and merge(ab, b) == ab,
        }
        if "state_c" in body:
            c = decoded(body, "state_c", GCounter.decode)
            answer["associative"] = merge(ab, c) == merge(a, merge(b, c))
        return answer

    def merged(self, left: GCounter, right: GCounter) -> GCounter:
        """Merge two states that are given, for `crdt_verify`."""
        return left.merge(right)

    def encode(self) -> Body:
        """The slots travel as those of the positive half of a PN-Counter."""
        return {"p_counters": self.state.encode()}

    def decode(self, body: Body) -> GCounter:
        """Read the slots of another node."""
        return decoded(body, "p_counters", GCounter.decode)

    def status(self) -> Body:
        """Tell the value that a read would return."""
        return {"local_value": self.state.value}

    def _count(self, amount: int) -> None:
        if amount < 0:
            text = f"a G-Counter only grows; {amount} needs a PN-Counter"
            raise RpcError(MALFORMED_REQUEST, text)
        self.update(self.state.add(self.node_id, amount))


if __name__ == "__main__":
    run(GCounterNode)
