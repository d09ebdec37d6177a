"""Replication of operations: each is carried out once on every node, causes first."""

from __future__ import annotations

from .actor import actor_of
from .crdt import VersionVector
from .crdt.dots import dot, is_dot, split
from .errors import MALFORMED_REQUEST
from .gossip import FANOUT, INTERVAL_S
from .runtime import Body, Message, Node, RpcError, decoded, every, handler, require


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any

MAX_ENTRIES = 500  # sent to one peer at once


class CausalNode(Node):
    """Sends operations where `nodes.replica` sends states; a program carries them out.

    An operation goes to all peers at once, with its dot, and with a vector of all that
    its node had carried out before. It waits at the peer until those are there. What
    gets lost is asked for: ten times a second a node tells two peers how much it has,
    and gets what it lacks, no matter whose it is.

    So the program may rely on it that nothing comes twice, or before its causes. That
    takes a log of all operations; the state needs neither tags to tell repetitions
    nor tombstones for what may yet arrive.

    Each operation is on disk before anybody hears of it.

    Attributes:
        actor: The name under which this node counts its operations.
        seen: How many operations of each actor are carried out here.
    """

    def start(self) -> None:
        """Begin anew, and carry out once more what is on disk."""
        self.actor = actor_of(self)
        self.seen = VersionVector()
        self._log: list[Body] = []
        self._waiting: dict[str, Body] = {}
        self.begin()
        for entry in self.disk.lines("operations"):
            self._carry_out(entry)

    def begin(self) -> None:
        """Set up the state of a node that has carried out nothing."""
        raise NotImplementedError

    def apply(self, name: str, operation: Any) -> None:
        """Carry out an operation, of this node or of another; its dot is a fresh name."""
        raise NotImplementedError

    def issue(self, operation: Any) -> str:
        """Carry out an operation here, tell all peers, and return its dot."""
        name = dot(self.seen[self.actor] + 1, self.actor)
        entry = {"dot": name, "after": self.seen.encode(), "operation": operation}
        self._keep(entry)
        for peer in self.peers:
            self.send(peer, {"type": "operations", "entries": [entry]})
        return name

    @every(INTERVAL_S)
    def compare(self) -> None:
        """Tell two peers how much is known here; one that knows more sends it."""
        body = {"type": "digest", "seen": self.seen.encode()}
        for peer in self.rng.sample(self.peers, min(FANOUT, len(self.peers))):
            self.send(peer, body)

    @handler("digest")
    def complete(self, message: Message) -> None:
        """Send a peer what it lacks, in the order in which it was carried out here."""
        theirs = decoded(message["body"], "seen", VersionVector.decode)
        if not self.seen <= theirs:
            missing = [entry for entry in self._log if not theirs.covers(entry["dot"])]
            body = {"type": "operations", "entries": missing[:MAX_ENTRIES]}
            self.send(message["src"], body)

    @handler("operations")
    def learn(self, message: Message) -> None:
        """Carry out what is new, and whatever has waited for it."""
        entries = require(message["body"], "entries", list)
        if not all(map(_is_entry, entries)):
            raise RpcError(MALFORMED_REQUEST, f"these are no operations: {entries!r}")
        for entry in entries:
            if not self.seen.covers(entry["dot"]):
                self._waiting[entry["dot"]] = entry
        before = -1
        while before != len(self._waiting):
            before = len(self._waiting)
            for entry in list(self._waiting.values()):
                if VersionVector(entry["after"]) <= self.seen:
                    del self._waiting[entry["dot"]]
                    self._keep(entry)

    def _keep(self, entry: Body) -> None:
        self.disk.append("operations", entry)
        self._carry_out(entry)

    def _carry_out(self, entry: Body) -> None:
        self.seen = self.seen.increment(split(entry["dot"])[1])
        self._log.append(entry)
        self.apply(entry["dot"], entry["operation"])


def _is_entry(entry: Any) -> bool:
    if not isinstance(entry, dict) or "operation" not in entry:
        return False
    name = entry.get("dot")
    if not is_dot(name):
        return False
    count, actor = split(str(name))
    return decoded(entry, "after", VersionVector.decode)[actor] == count - 1
