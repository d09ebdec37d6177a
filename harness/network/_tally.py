"""How many messages there were, and what became of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from histories import MessageCounts


if TYPE_CHECKING:
    from collections.abc import Mapping


class Tally:
    """Mutable counts of one class of links."""

    __slots__ = ("delayed", "dropped", "duplicated", "received", "sent")

    def __init__(self) -> None:
        self.sent = 0
        self.received = 0
        self.dropped: Counter[str] = Counter()
        self.delayed: Counter[str] = Counter()
        self.duplicated: Counter[str] = Counter()

    def counts(self) -> MessageCounts:
        return MessageCounts(
            sent=self.sent,
            received=self.received,
            dropped=dict(self.dropped),
            delayed=dict(self.delayed),
            duplicated=dict(self.duplicated),
        )


def total(*counts: Mapping[str, int]) -> dict[str, int]:
    """Return the sums of counts by cause."""
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(total)
