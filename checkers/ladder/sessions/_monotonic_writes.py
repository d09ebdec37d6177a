"""Monotonic writes: a write is seen by nobody without the earlier ones of its process.

Patterns, with the acts they name:

* `earlier-write-missing`: two updates of one process to one key; an exact read that saw
  the second one and not the first one.
* `order-of-issue`: the acts that show, for a process that keeps its own session in
  order, that no view of it keeps the order of issue of others as well; see `_views`.

The first one is a matter of one read; the second one takes several. What it shows is
that read-your-writes, monotonic reads and monotonic writes do not hold together where
the first two do, so it is this one that is broken.

Sound, and complete in this sense. Linear, times the number of chains.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._lapse import Lapse
from ._visibility import NO_ACT


if TYPE_CHECKING:
    from ._visibility import Sights


def find_lapse(sights: Sights, process: int) -> Lapse | None:
    """Return a read of a process that alone breaks it; None if there is none."""
    if not sights.exact:
        return None
    for read in sights.reads(process):
        key, seen = sights.key(read), sights.seen[read]
        for update in sights.shown(read):
            lane = sights.lanes[key][sights.chain[update]]
            count = seen.counts.get(sights.chain[update], 0)
            if sights.places[update] > count:
                return Lapse("earlier-write-missing", (lane[count], update, read))
            earlier = _first_unseen_before(sights, read, sights.chain[update])
            if earlier != NO_ACT:
                return Lapse("earlier-write-missing", (earlier, update, read))
    return None


def _first_unseen_before(sights: Sights, read: int, chain: int) -> int:
    """Return the first update before a whole chain that a read did not see."""
    before = sights.before[chain]
    if before == NO_ACT:
        return NO_ACT
    main = sights.chain[before]
    lane = sights.lanes[sights.key(read)].get(main, [])
    count = sights.seen[read].counts.get(main, 0)
    return lane[count] if count < len(lane) and lane[count] <= before else NO_ACT
