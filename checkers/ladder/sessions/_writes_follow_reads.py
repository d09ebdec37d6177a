"""Writes follow reads: nobody sees a write without what its process had read before.

Patterns, with the acts they name:

* `cause-missing`: an update; a read that saw it; an update that the same process made
  afterwards; an exact read of the same key that saw this one and not the first one.
* `causal-order`: the acts that show, for a process that has a view with the order of
  issue, that none has the causal order; see `_views`.
* `circular`: updates each of which was made by a process that had read the one before.

The second one shows that PRAM and writes-follow-reads do not hold together where PRAM
does, so it is the latter that is broken.

Sound, and complete in this sense. Linear, times the number of chains and processes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ._lapse import Lapse


if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._visibility import Sights


class Duties(NamedTuple):
    """What a process had read of a key before an update, and where.

    Attributes:
        counts: By chain: how many of its lane, from the first one on, and the read.
        beyond: Updates that were seen although an earlier one was not, and the read.
    """

    counts: dict[int, tuple[int, int]]
    beyond: dict[int, int]


_NOTHING = Duties({}, {})


def duties(sights: Sights) -> dict[int, Duties]:
    """Return, by update, what its process had read of its key before."""
    found: dict[int, Duties] = {}
    for session in sights.sessions:
        so_far: dict[int, Duties] = {}
        for act in session:
            key = sights.key(act)
            known = so_far.get(key, _NOTHING)
            if sights.updates(act):
                if known is not _NOTHING:
                    found[act] = known
                continue
            if act in sights.tops:
                so_far[key] = _with_tops(sights, known, act)
                continue
            seen = sights.seen[act]
            counts = {
                chain: (count, act)
                for chain, count in seen.counts.items()
                if known.counts.get(chain, (0, 0))[0] < count
            }
            beyond = dict.fromkeys(seen.beyond.difference(known.beyond), act)
            if counts or beyond:
                # New ones, as updates keep the old ones.
                so_far[key] = Duties(
                    {**known.counts, **counts}, {**known.beyond, **beyond}
                )
    return found


def _with_tops(sights: Sights, known: Duties, read: int) -> Duties:
    """Return what had been read, after a read of which only that is certain.

    Who saw these saw what they replace, or what replaces it, as this read did.
    """
    left = {
        update: cause
        for update, cause in known.beyond.items()
        if not sights.has_seen(read, update)
    }
    return Duties({}, {**left, **dict.fromkeys(sights.tops[read], read)})


def find_lapse(
    sights: Sights, process: int, owed: Mapping[int, Duties]
) -> Lapse | None:
    """Return a read of a process that alone breaks it; None if there is none.

    Args:
        sights: The history.
        process: The process.
        owed: The `duties` of all updates, if reads are exact.
    """
    if not sights.exact:
        return None
    for read in sights.reads(process):
        for update in sights.shown(read):
            missing = _first_missing(sights, read, owed.get(update, _NOTHING))
            if missing is not None:
                return Lapse("cause-missing", (*missing, update, read))
    return None


def _first_missing(sights: Sights, read: int, owed: Duties) -> tuple[int, int] | None:
    """Return an update that a read should have seen, and the read that saw it."""
    key, seen = sights.key(read), sights.seen[read]
    for chain, (count, cause) in owed.counts.items():
        had = seen.counts.get(chain, 0)
        if had < count:
            return sights.lanes[key][chain][had], cause
    for update, cause in owed.beyond.items():
        if not sights.has_seen(read, update):
            return update, cause
    return None
