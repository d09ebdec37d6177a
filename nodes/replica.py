"""Replicas of the types of `nodes.crdt`: what all programs on them share."""

from __future__ import annotations

from .actor import actor_of
from .gossip import GossipNode
from .runtime import Body, decoded


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any, ClassVar


class Replica(GossipNode):
    """Gossips one value; a program says of which type, and adds handlers.

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
        """Take an update, and tell two peers, if there is anything new in it.

        What they are told is all that is known here: so who hears of an update hears of
        everything that was known to its writer. A delta alone would be cheaper.
        """
        if self.learn(delta):
            self._gossip()

    def learn(self, news: Any) -> bool:
        """Take what comes from here or from a peer; tell whether it is new."""
        is_new = not news <= self.state
        if is_new:
            self._change(self.state.merge(news))
        return is_new

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
        return decoded(body, "state", self.kind.decode)

    def status(self) -> Body:
        """Return nothing more."""
        return {}
