"""Indeterminate operations that may still take effect while the nodes are read for good.

Final reads are compared with each other as if nothing happened in between. Of an
operation whose client has given up nobody knows that, but the journal may: it is over
once its node has replied, or if its request never arrived.
"""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from ._evidence import Evidence


def under_way(evidence: Evidence | None, since: int) -> frozenset[int]:
    """Return the indeterminate operations that were not over at a time.

    By the indices of their invocations; empty without evidence, where it has to be
    taken for granted that none is. Linear in the indeterminate operations.

    Args:
        evidence: What the journal says.
        since: The time, in ns since the start of the run.
    """
    if evidence is None:
        return frozenset()
    found = []
    for index in evidence.indeterminate:
        reply = evidence.reply(index)
        arrived = evidence.delivered(index) is not None
        if arrived if reply is None else reply.time >= since:
            found.append(index)
    return frozenset(found)
