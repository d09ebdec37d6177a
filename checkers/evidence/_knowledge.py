"""The upper bound on what a node can know, from the messages that it was sent.

*Lemma 1.* Assume that

1. nodes (and services) have no channel but the messages in the journal: none reads a
   file that another one writes, and none asks a clock of another one;
2. a delivery is entered in the journal before the message can reach the receiver, and
   a sending after it was read from the sender, under one numbering;
3. whatever clients put into requests besides what they were told to, they had from
   replies that they got (`contexts`), or nowhere.

Let K(n) be the updates whose requests were delivered to n, and K of the sender at the
time of sending for each message delivered to n, all up to some entry of the journal.
Then every update that influences what n sends there is in K(n) at that entry.

*Proof.* If an update influences what n sends at entry s, there is a chain: its request
was delivered somewhere at entry d0, influenced a message sent at s1, which was
delivered at d1, and so on, until one delivered to n at dk influenced what n sent at s.
By (1) and (3) the chain has no other steps. A node can use a message only once it has
arrived and can send only what it has, so that by (2) d(i) < s(i+1), and s(i) < d(i)
since a message is delivered after it was sent. By induction along the chain the update
is in K of each sender at its s(i), as K never shrinks. ∎

K never shrinks: not at a crash either, since a disk may remember. It is no more than
an upper bound: that a message *could* carry an update is not that it did.

The naive pass keeps one set of updates (a bit each) for each node and each message on
its way. Here a node has a *log*: updates in the order in which they became known to it.
All that it ever sent is then a prefix of its log, a message on its way one number, and
what it told a receiver another one: a delivery looks at those entries of the sender's
log only that the receiver was not yet told by that sender. For n nodes, u updates and m
messages this takes O(m + n²u) in all, and O(nu) memory, instead of O(mu) and O(mu).
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ASSUMED = (
    "Nodes have no channel but their standard input and output, and what they answered "
    "ok they have done."
)
"""What whoever draws conclusions from a journal takes for granted."""


class Log:
    """What one node or service could know, in the order in which it could learn it.

    Attributes:
        name: The node.
        order: Updates by their numbers, each once.
        told: How much of the log of another one has been taken over.
        heard: How many messages came to it that no client sent.
    """

    __slots__ = (
        "_known",
        "_ranks",
        "_since",
        "_source",
        "_start",
        "heard",
        "name",
        "order",
        "told",
    )

    def __init__(self, name: str, updates: int) -> None:
        """Know nothing yet, of so many updates."""
        self.name = name
        self.order = array("i")
        self.told: dict[Log, int] = {}
        self.heard = 0
        self._known = bytearray(updates)
        self._ranks: array[int] | None = None
        # When and from whom came what begins at a position of the log.
        self._start = array("q")
        self._since = array("q")
        self._source: list[str | None] = []

    def learn(self, update: int, time: int, source: str | None) -> None:
        """Take the request of an update."""
        if not self._known[update]:
            self.enter(array("i", (update,)), time, source)

    def hear(self, sender: Log, length: int, time: int) -> int:
        """Take what a sender knew when its log was so long; return the work it was."""
        told = self.told.get(sender, 0)
        if length <= told:
            return 0
        self.told[sender] = length
        known = self._known
        fresh = [update for update in sender.order[told:length] if not known[update]]
        if fresh:
            self.enter(array("i", fresh), time, sender.name)
        return length - told

    def enter(self, updates: array[int], time: int, source: str | None) -> None:
        """Take updates that are not known yet, all from one."""
        self._start.append(len(self.order))
        self._since.append(time)
        self._source.append(source)
        self.order += updates
        known = self._known
        for update in updates:
            known[update] = 1
        self._ranks = None

    def rank(self, update: int) -> int:
        """Return how many other updates were known before this one; -1 if it is not."""
        if not self._known[update]:
            return -1
        if self._ranks is None:
            ranks = self._ranks = array("i", [-1]) * len(self._known)
            for rank, known in enumerate(self.order):
                ranks[known] = rank
        return self._ranks[update]

    def origin(self, rank: int) -> tuple[int, str | None]:
        """Return when, and from whom, the update of this rank could be learnt first."""
        batch = bisect_right(self._start, rank) - 1
        return self._since[batch], self._source[batch]

    def batches(self) -> Iterator[tuple[int, str | None, Sequence[int]]]:
        """Yield when, from whom and which updates came to be known, in order."""
        for number, start in enumerate(self._start):
            last = number + 1 == len(self._start)
            end = len(self.order) if last else self._start[number + 1]
            yield self._since[number], self._source[number], self.order[start:end]

    def bits(self, length: int) -> int:
        """Return the first updates of the log as a set: bit i stands for update i."""
        flags = bytearray(len(self._known) // 8 + 1)
        for update in self.order[:length]:
            flags[update >> 3] |= 1 << (update & 7)
        return int.from_bytes(flags, "little")
