"""Replication by gossip of the whole state, for any type with `merge` and `<=`."""

from __future__ import annotations

from .runtime import Body, Message, Node, every, handler


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any, Protocol

    class State(Protocol):
        """A replicated value, such as those of `nodes.crdt`."""

        def merge(self, other: Any) -> Any:
            """Return the least value that has seen what either has seen."""

        def __le__(self, other: Any) -> bool:
            """Tell whether the other has seen everything that this one has."""


INTERVAL_S = 0.1
FANOUT = 2


class GossipNode(Node):
    """Sends its state to two random peers, ten times a second and upon each update.

    The whole state goes each time, so a message lost, repeated or overtaken does no
    harm: a later one says all that it said. A program says with what it begins, and in
    `encode` and `decode` how the state travels, and how it lies on disk.

    Each change is on disk before anybody hears of it. So a node that was killed takes
    back neither what it acknowledged nor what it has shown.

    Attributes:
        state: What is replicated; local changes go through `update`.
    """

    state: State

    def empty(self) -> State:
        """Return the state of a node that has seen nothing."""
        raise NotImplementedError

    def encode(self) -> Body:
        """Return the fields of a `replicate` message that carries the state."""
        raise NotImplementedError

    def decode(self, body: Body) -> State:
        """Read the fields that `encode` returned; error 12 if they are not that."""
        raise NotImplementedError

    def status(self) -> Body:
        """Return the fields of `gossip_status_ok` that only the program knows."""
        raise NotImplementedError

    def start(self) -> None:
        """Begin in agreement, or, after a restart, with what is on disk."""
        kept = self.disk.read("state")
        self.state = self.empty() if kept is None else self.decode(kept)
        self._rounds = 0
        self._heard: dict[str, State] = {}
        self._changed_ns = self.now_ns
        self._convergence_ms: float | None = 0.0

    def update(self, state: State) -> None:
        """Take the state after a local update, and tell two peers at once."""
        self._change(state)
        self._gossip()

    @every(INTERVAL_S)
    def gossip(self) -> None:
        """Tell two peers what is known here."""
        self._rounds += 1
        self._gossip()

    @handler("replicate")
    def replicate(self, message: Message) -> None:
        """Learn what a peer knows; no reply, its next round needs none."""
        peer, theirs = message["src"], self.decode(message["body"])
        if not theirs <= self.state:
            self._change(self.state.merge(theirs))
        known = self._heard.get(peer)
        self._heard[peer] = known.merge(theirs) if known else theirs
        if self._convergence_ms is None and all(map(self._is_synced, self.peers)):
            self._convergence_ms = (self.now_ns - self._changed_ns) / 1e6

    @handler("gossip_status")
    def gossip_status(self, _: Message) -> Body:
        """Tell how far the gossip has come, as far as this node can know.

        A peer is synced if it was heard to have everything that is known here.
        `convergence_ms` is the time from the last change here until all peers were
        synced, and null as long as they are not.
        """
        return {
            "type": "gossip_status_ok",
            **self.status(),
            "gossip_rounds": self._rounds,
            "peers_synced": sum(map(self._is_synced, self.peers)),
            "convergence_ms": self._convergence_ms,
        }

    def keep(self) -> None:
        """Put the state on disk."""
        self.disk.write("state", self.encode())

    def _change(self, state: State) -> None:
        self.state = state
        self.keep()
        self._changed_ns = self.now_ns
        self._convergence_ms = None if self.peers else 0.0

    def _gossip(self) -> None:
        body = {"type": "replicate", **self.encode()}
        for peer in self.rng.sample(self.peers, min(FANOUT, len(self.peers))):
            self.send(peer, body)

    def _is_synced(self, peer: str) -> bool:
        return peer in self._heard and self.state <= self._heard[peer]
