"""Monotonic reads: what a process has read once is in all that it reads later.

A read of a register has seen a write if it returns it or a later value; later are
values that the process itself has read or written later, and later writes to the key
by the process that wrote the first one.

Patterns, with the acts they name:

* `update-missing`: the update; the read that saw it; a later read that does not.
* `initial-again`: a read of something else; a later read of the initial value.
* `older-write`: two writes of one process; the read of the second one; a later read
  of the first one.
* `back-and-forth`: a read; a read of something else; a read that returns again what
  the first one had returned.
* `back-to-own-write`: a write; a read of something else by the same process; a read
  that returns the write again. It cannot be without monotonic reads or
  read-your-writes being broken, and counts here where the latter is kept.

Sound, and complete: where none is found, orders of the writes to each key exist for
each process that explain all its reads so. Linear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._lapse import Lapse
from ._visibility import NO_ACT


if TYPE_CHECKING:
    from ._visibility import Sights


def find_lapse(sights: Sights, process: int, *, reads_own: bool) -> Lapse | None:
    """Return a read that misses what its process had read; None if there is none.

    Args:
        sights: The history.
        process: The process.
        reads_own: Whether it keeps read-your-writes.
    """
    if sights.exact:
        return _missing(sights, process)
    return _older(sights, process) or (
        _back_to_own(sights, process) if reads_own else None
    )


def _missing(sights: Sights, process: int) -> Lapse | None:
    last: dict[int, int] = {}
    for read in sights.reads(process):
        key = sights.key(read)
        if key in last:
            update = _gone(sights, last[key], read)
            if update is not None:
                return Lapse("update-missing", (update, last[key], read))
        last[key] = read
    return None


def _gone(sights: Sights, first: int, read: int) -> int | None:
    """Return an update that a read saw, and a later one of the same key did not."""
    if first in sights.tops:
        tops = sights.tops[first]
        return next((top for top in tops if not sights.has_seen(read, top)), None)
    key, before, now = sights.key(read), sights.seen[first], sights.seen[read]
    for chain, count in before.counts.items():
        left = now.counts.get(chain, 0)
        if left < count:
            return sights.lanes[key][chain][left]
    for update in sorted(before.beyond):
        place = sights.places[update]
        if (
            place >= now.counts.get(sights.chain[update], 0)
            and update not in now.beyond
        ):
            return update
    return None


def _older(sights: Sights, process: int) -> Lapse | None:
    """Look at what the process has read of each key, and what it reads now."""
    last: dict[int, int] = {}
    newest: dict[tuple[int, int], tuple[int, int]] = {}
    left: dict[int, dict[int, int]] = {}
    for read in sights.reads(process):
        key, source = sights.key(read), sights.sources[read]
        before = last.get(key)
        if before is not None and sights.sources[before] != source:
            if source == NO_ACT:
                return Lapse("initial-again", (before, read))
            if source in left.setdefault(key, {}):
                return Lapse("back-and-forth", (left[key][source], before, read))
            newer = newest.get((key, sights.chain[source]))
            if newer is not None and source <= newer[0]:
                seen = sights.sources[newer[1]]
                return Lapse("older-write", (source, seen, newer[1], read))
        if not sights.returned(read):
            continue
        if before is not None and sights.sources[before] != source:
            left[key].setdefault(sights.sources[before], before)
        last[key] = read
        if source != NO_ACT:
            for chain, update in sights.issued_up_to(source):
                known = newest.get((key, chain))
                if known is None or known[0] < update:
                    newest[key, chain] = update, read
    return None


def _back_to_own(sights: Sights, process: int) -> Lapse | None:
    written: dict[int, int] = {}
    other: dict[int, int] = {}
    for act in sights.sessions[process]:
        key, source = sights.key(act), sights.sources.get(act)
        if source is not None and key in written:
            if source != written[key]:
                if sights.returned(act):
                    other.setdefault(key, act)
            elif key in other:
                acts = written[key], other[key], act
                return Lapse("back-to-own-write", acts)
        if sights.updates(act) and sights.returned(act):
            written[key] = act
            other.pop(key, None)
    return None
