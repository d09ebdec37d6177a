"""Read your writes: what a process has written is in all that it reads later.

A read of a register has seen a write if it returns it or a later value. Later is what
has to be: the writes of a process to a key supersede each other as they were issued,
and a value that the process had read before it wrote is not later than its write.

Patterns, with the acts they name:

* `own-write-missing`: the write; the read that lacks it, or returns the initial value.
* `own-older-write`: a write; a later one of the same process; the read that returns
  the first one.
* `back-to-what-it-read`: a read; the write after it; a read that returns again what
  the first one had returned, or what was written before that by the same process.

Sound, and complete: where none is found, orders of the writes to each key exist for
each process that explain all its reads so. Linear, times the number of chains.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ._lapse import Lapse
from ._visibility import NO_ACT


if TYPE_CHECKING:
    from ._visibility import Sights


Newest: TypeAlias = "dict[int, tuple[int, int]]"
"""By chain: the last update that is as old as something read, and the read."""


def find_lapse(sights: Sights, process: int) -> Lapse | None:
    """Return a read that misses what its process had written; None if there is none."""
    if sights.exact:
        return _missing(sights, process)
    return _older(sights, process)


def _missing(sights: Sights, process: int) -> Lapse | None:
    written: dict[int, int] = {}
    for act in sights.sessions[process]:
        key = sights.key(act)
        if sights.updates(act):
            if sights.returned(act):
                written[key] = act
            continue
        if key in written:
            last = written[key]
            count = sights.seen[act].counts.get(sights.chain[last], 0)
            if count <= sights.places[last]:
                lane = sights.lanes[key][sights.chain[last]]
                return Lapse("own-write-missing", (lane[count], act))
    return None


def _older(sights: Sights, process: int) -> Lapse | None:
    """Look at the last write of the process to each key, and what it had read then."""
    written: dict[int, int] = {}
    newest: dict[int, Newest] = {}
    newest_then: dict[int, Newest] = {}
    for act in sights.sessions[process]:
        key = sights.key(act)
        if act in sights.sources:
            if key in written:
                lapse = _why_older(sights, act, written[key], newest_then[key])
                if lapse is not None:
                    return lapse
            if sights.returned(act):
                _remember(sights, act, newest.setdefault(key, {}))
        if sights.updates(act) and sights.returned(act):
            written[key] = act
            newest_then[key] = dict(newest.get(key, ()))
    return None


def _why_older(sights: Sights, read: int, last: int, newest: Newest) -> Lapse | None:
    """Return why what a read returned is older than a write; None if it need not be."""
    source = sights.sources[read]
    if source == last:
        return None
    if source == NO_ACT:
        return Lapse("own-write-missing", (last, read))
    chain = sights.chain[source]
    if chain == sights.chain[last] and source < last:
        return Lapse("own-older-write", (source, last, read))
    if chain in newest and source <= newest[chain][0]:
        return Lapse("back-to-what-it-read", (newest[chain][1], last, read))
    return None


def _remember(sights: Sights, read: int, newest: Newest) -> None:
    source = sights.sources[read]
    if source == NO_ACT:
        return
    for chain, update in sights.issued_up_to(source):
        if chain not in newest or newest[chain][0] < update:
            newest[chain] = update, read
