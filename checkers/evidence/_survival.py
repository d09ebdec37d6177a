"""Updates that no node can have any more, as the last disk that held them is lost.

A node that is killed and comes back with an empty disk knows nothing of before. An
update that it had acknowledged lives on only if a message has told somebody else, and
he in turn has not lost his disk. So there is a second bound beside that of
`_knowledge`: K'(n), what n can know of *since it last lost its disk*. It grows in the
same way, by requests and messages that are delivered to n, each with what its sender
could know in this sense when it was sent; and it is empty after a loss. By the same
induction as for Lemma 1 an update that nobody has in K' in the end is gone: no read can
owe it, whatever its node had promised.

Whether a node *did* pass on what it could is another question. A message may carry the
whole state or one update of many, and that cannot be told from outside. So an update
whose node lost its disk, and that is not gone for certain, is *in doubt*. A message
that is still on its way in the end has told nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from histories import MessageKind

from ._knowledge import Log
from ._requests import is_setup


if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from histories import Message


_SEND = int(MessageKind.SEND)
_DELIVER = int(MessageKind.DELIVER)

_MOST_REMEMBERED = 1 << 16
"""Messages of which it is kept what they carry, and as many from before; one from
before these tells nothing."""


class Survival:
    """Follows what nodes know since they last lost their disks.

    Attributes:
        work: Entries of logs that were looked at.
    """

    def __init__(
        self, losses: Iterable[tuple[int, str]], names: Collection[str], updates: int
    ) -> None:
        """Begin with nobody knowing anything.

        Args:
            losses: When nodes were killed whose disks are lost, and the nodes.
            names: All nodes and services.
            updates: How many updates there are.
        """
        self.work = 0
        self._updates = updates
        self._logs = {name: Log(name, updates) for name in names}
        self._due: dict[str, list[int]] = {}
        for time, node in losses:
            self._due.setdefault(node, []).append(time)
        self._carried: dict[int, tuple[Log, int]] = {}
        self._before: dict[int, tuple[Log, int]] = {}
        self._takers: dict[int, str] = {}
        self._left: set[int] = set()

    def take(self, message: Message) -> None:
        """Take a record of the journal, in order."""
        logs = self._logs
        dest = logs.get(message.dest)
        if dest is None:
            return
        if message.kind == _SEND:
            src = logs.get(message.src)
            if src is not None:
                if len(self._carried) == _MOST_REMEMBERED:
                    self._carried, self._before = {}, self._carried
                self._carried[message.id] = src, len(src.order)
        elif message.kind == _DELIVER:
            known = self._carried.get(message.id) or self._before.get(message.id)
            if known is not None:
                self.work += dest.hear(*known, message.time)
            elif is_setup(message.src):
                self._begin(message.dest, message.time)

    def learn(self, node: str, update: int, time: int) -> None:
        """Take the request of an update, handed to a node."""
        log = self._logs.get(node)
        if log is not None:
            log.learn(update, time, None)
            self._takers.setdefault(update, node)

    def result(self) -> tuple[dict[int, str], dict[int, str]]:
        """Return the updates that nobody can know in the end, and those in doubt.

        By their numbers, with the nodes that took them.
        """
        for node in self._due:
            self._begin(node, None)
        alive: set[int] = set()
        for log in self._logs.values():
            alive.update(log.order)
        gone = {one: by for one, by in self._takers.items() if one not in alive}
        in_doubt = {one: self._takers[one] for one in self._left if one in alive}
        return gone, in_doubt

    def _begin(self, node: str, time: int | None) -> None:
        """Forget what a node knew that is set up after the loss of its disk."""
        due = self._due.get(node, [])
        before = [one for one in due if time is None or one <= time]
        if before:
            self._due[node] = due[len(before) :]
            takers = self._takers
            known = self._logs[node].order
            self._left.update(one for one in known if takers.get(one) == node)
            self._logs[node] = Log(node, self._updates)
