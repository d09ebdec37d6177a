"""Replicas of the types of `nodes.crdt`: deltas at once, the whole state now and then."""

from __future__ import annotations

from .actor import actor_of
from .errors import MALFORMED_REQUEST
from .gossip import GossipNode
from .runtime import Body, RpcError


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any, ClassVar


class Replica(GossipNode):
    """Keeps one value; a program says of which type, and adds handlers.

    An update goes to all peers as a delta, which is a small state. What of that gets
    lost comes with the gossip of whole states. Merging is all there is to either.

    Attributes:
        actor: The name under which this node counts its updates.
    """

    kind: ClassVar[type[Any]]
    """The type of the state: `kind()` is the empty one; it has `encode` and `decode`."""

    def start(self) -> None:
        """Begin with what is on disk, under a name that nobody else counts under."""
        self._encoded: tuple[Any, Body] | None = None
        super().start()
        self.actor = actor_of(self)

    def share(self, delta: Any) -> None:
        """Take an update, and tell all peers, if there is anything new in it."""
        if self.learn(delta):
            for peer in self.peers:
                self.send(peer, self.delta_body(delta))

    def learn(self, news: Any) -> bool:
        """Take what comes from here or from a peer; tell whether it is new."""
        is_new = not news <= self.state
        if is_new:
            self._change(self.state.merge(news))
        return is_new

    def delta_body(self, delta: Any) -> Body:
        """Return the message that carries an update."""
        return {"type": "replicate", "state": delta.encode()}

    def empty(self) -> Any:
        """Begin with nothing."""
        return self.kind()

    def encode(self) -> Body:
        """Return the state in the only field of its own; once for each state."""
        if self._encoded is None or self._encoded[0] is not self.state:
            state: Any = self.state
            self._encoded = (state, {"state": state.encode()})
        return self._encoded[1]

    def decode(self, body: Body) -> Any:
        """Read what `encode` returned."""
        try:
            return self.kind.decode(body.get("state"))
        except ValueError as error:
            raise RpcError(MALFORMED_REQUEST, f"state: {error}") from None

    def status(self) -> Body:
        """Return nothing more."""
        return {}
