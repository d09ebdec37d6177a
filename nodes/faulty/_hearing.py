"""A counter of operations that notes when it hears from whom, for what that is worth.

A link may carry messages in one direction and not in the other. So to hear from a
peer says nothing about what the peer hears. The nodes that build on this one, each in
its own way, take it to say something.
"""

from __future__ import annotations

from nodes.op_counter import OpCounter


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any

    from nodes.runtime import Message

SILENCE_NS = 1_000_000_000


class HearingCounter(OpCounter):
    """Counts as its parent does, and is right as long as nobody asks what it noted.

    Attributes:
        sent: When each own operation was sent first.
        heard: When each peer was heard last.
        back: When each peer was heard again after a silence.
    """

    def __init__(self, *arguments: Any, **surroundings: Any) -> None:
        super().__init__(*arguments, **surroundings)
        self.sent: dict[int, int] = {}
        self.heard: dict[str, int] = {}
        self.back: dict[str, int] = {}

    def receive(self, message: Message) -> None:
        """Note whom it is from, and take it in."""
        peer = message["src"]
        if self.now_ns - self.heard.get(peer, 0) > SILENCE_NS:
            self.back[peer] = self.now_ns
        self.heard[peer] = self.now_ns
        super().receive(message)

    def count(self, origin: str, number: int, delta: int) -> None:
        """Note when an own operation goes out, and take it in."""
        if origin == self.node_id:
            self.sent[number] = self.now_ns
        super().count(origin, number, delta)

    def talks(self, peer: str, number: int) -> bool:
        """Tell whether a peer has talked all the time since an operation was sent."""
        sent_ns = self.sent.get(number, self.now_ns)
        return self.back.get(peer, 0) <= sent_ns < self.heard.get(peer, 0)

    def is_old(self, number: int, age_ns: int) -> bool:
        """Tell whether an operation was sent so long ago."""
        return self.now_ns - self.sent.get(number, self.now_ns) > age_ns

    def presume(self, peer: str, number: int) -> bool:
        """Tell whether an operation is to be taken for delivered; it is a mistake."""
        raise NotImplementedError

    def retry(self) -> None:
        """Send again what was not acknowledged, but for what is presumed delivered."""
        presumed = [
            (owed, number)
            for peer, owed in self.owed.items()
            for number in owed
            if self.presume(peer, number)
        ]
        for owed, number in presumed:
            del owed[number]
        super().retry()
