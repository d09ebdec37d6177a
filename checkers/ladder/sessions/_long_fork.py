"""Long forks: two readers saw one update each, and missed that of the other.

In any one order of all operations, of two exact reads of a key one sees all that the
other one saw. So two that do not prove that there is no such order, and that no search
for one is needed.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from checkers._verdict import Anomaly

from ._telling import Teller


if TYPE_CHECKING:
    from histories import History

    from ._visibility import Sights


class LongFork(NamedTuple):
    """Two reads of a key, and an update that only the one, and the other, saw."""

    one: int
    other: int
    seen_by_one: int
    seen_by_other: int


def find_long_fork(sights: Sights) -> LongFork | None:
    """Return two reads neither of which saw all that the other saw; None without.

    Linear in what reads saw, but for sorting.
    """
    by_key: dict[int, list[int]] = {}
    for read in sights.seen:
        by_key.setdefault(sights.key(read), []).append(read)
    for reads in by_key.values():
        reads.sort(key=lambda read: (_size(sights, read), read))
        for one, other in pairwise(reads):
            seen_by_one = _first_seen_alone(sights, one, other)
            if seen_by_one is None:
                continue
            seen_by_other = _first_seen_alone(sights, other, one)
            assert seen_by_other is not None, "it saw as much, and not the same"
            return LongFork(one, other, seen_by_one, seen_by_other)
    return None


def _size(sights: Sights, read: int) -> int:
    seen = sights.seen[read]
    return sum(seen.counts.values()) + len(seen.beyond)


def _first_seen_alone(sights: Sights, one: int, other: int) -> int | None:
    """Return an update that one read saw, and another one did not."""
    seen, lanes = sights.seen[one], sights.lanes[sights.key(one)]
    had = sights.seen[other]
    for chain, count in seen.counts.items():
        # Beyond its prefix it may have seen more, but not the next one.
        if had.counts.get(chain, 0) < count:
            return lanes[chain][had.counts.get(chain, 0)]
    return next(
        (
            update
            for update in sorted(seen.beyond)
            if not sights.has_seen(other, update)
        ),
        None,
    )


def tell_long_fork(history: History, sights: Sights, fork: LongFork) -> Anomaly:
    """Return the violation of sequential consistency that a long fork is."""
    teller = Teller(history, sights)
    return Anomaly(
        name="long-fork",
        sentence=(
            f"{teller.cite(fork.one)} saw {teller.cite(fork.seen_by_one)} and not "
            f"{teller.cite(fork.seen_by_other)}, which {teller.cite(fork.other)} saw "
            "without the former: there is no one order of both."
        ),
        operations=teller.indices(fork),
        data={
            "does": teller.does(fork),
            "saw": {
                str(teller.operation(read).index): teller.operation(update).index
                for read, update in (
                    (fork.one, fork.seen_by_one),
                    (fork.other, fork.seen_by_other),
                )
            },
        },
    )
