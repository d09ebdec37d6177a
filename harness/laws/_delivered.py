"""What was said between a node and its peers in a run, out of the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from harness.rpc import MalformedBodyError, decode_body
from histories import MessageKind, read_journal


if TYPE_CHECKING:
    from collections.abc import Sequence

    from histories import Run


class Delivered(msgspec.Struct, frozen=True):
    """A message that a node sent to another one.

    Attributes:
        id: Its number in the journal.
        src: Who sent it.
        body: What it says.
    """

    id: int
    src: str
    body: dict[str, Any]


def delivered(run: Run, nodes: Sequence[str]) -> dict[str, tuple[Delivered, ...]]:
    """Return for each node what it and its peers said, as far as it was there.

    That is what it got from others, in the order of delivery, and what it told one of
    them itself: without its own updates, those that came after them would wait for ever.
    Nobody else's messages are among them, for nodes may number what they say to a peer.

    Replies are left out: a fresh node has asked for nothing. So is what says nothing
    that can be read, and what was said once before, word for word, by the same node.

    Raises:
        HistoryError: There is no journal, or it cannot be read.
    """
    sent: dict[int, bytes] = {}
    told: dict[str, list[Delivered]] = {node: [] for node in nodes}
    known: set[tuple[str, str, bytes]] = set()
    confidant = {node: nodes[number - 1] for number, node in enumerate(nodes)}
    for message in read_journal(run.journal_path):
        src, dest = message.src, message.dest
        if src not in told or dest not in told or src == dest:
            continue
        if message.kind == MessageKind.SEND:
            sent[message.id] = message.body
        elif message.kind == MessageKind.DELIVER and message.id in sent:
            said = sent[message.id]
            if (dest, src, said) in known:
                continue
            known.add((dest, src, said))
            try:
                body = decode_body(said)
            except MalformedBodyError:
                continue
            if "in_reply_to" in body:
                continue
            told[dest].append(Delivered(message.id, src, body))
            if confidant[src] == dest:
                told[src].append(Delivered(message.id, src, body))
    return {node: tuple(messages) for node, messages in told.items()}
