"""Which guarantees the processes of a history have, below sequential consistency.

The guarantees are judged process by process, each on top of those before it:

    read your writes, monotonic reads: alone, and the latter on top of the former
    monotonic writes: alone, read by read, and on top of both, which makes PRAM
    writes follow reads: alone, read by read, and on top of PRAM, which makes causal

So each verdict of no has a culprit, and the four hold together exactly if causal
consistency does. Read by read alone, a register would break none of the last two:
one read shows one write, and whatever else it missed may have come before. Clients
see it all the same, if what they read one after the other does not go back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from . import (
    _list_order,
    _monotonic_reads,
    _monotonic_writes,
    _read_your_writes,
    _writes_follow_reads,
)
from ._circles import is_circular
from ._lapse import Lapse
from ._views import find_conflict, has_own_view, order_of_causes, order_of_issue


if TYPE_CHECKING:
    from collections.abc import Callable

    from ._visibility import Sights


class Lapses(NamedTuple):
    """What is broken.

    Attributes:
        found: By name of a level: whose violation, and which.
        is_all: Whether all processes were judged.
    """

    found: dict[str, tuple[int, Lapse]]
    is_all: bool


def find_lapses(sights: Sights, *, is_over: Callable[[], bool] | None = None) -> Lapses:
    """Return a violation of each guarantee that is broken.

    The levels are the session guarantees, and `pram` and `causal` where these are
    broken by a process that breaks nothing that follows from them by itself. The
    violation is that of the process with the lowest number, and of that the first one.

    Args:
        sights: The history.
        is_over: Asked before each process; true ends it.
    """
    found: dict[str, tuple[int, Lapse]] = {}
    issue = order_of_issue(sights)
    causes = None if is_circular(sights) else order_of_causes(sights)
    owed = _writes_follow_reads.duties(sights) if sights.exact else {}
    orders = _list_order.orders_of(sights) if sights.ordered else None
    if causes is None:
        circle = Lapse("circular", ())
        found["writes-follow-reads"] = found["causal"] = 0, circle
    for process in range(len(sights.sessions)):
        if is_over is not None and is_over():
            return Lapses(found, is_all=False)
        if not sights.reads(process):
            continue
        own = _read_your_writes.find_lapse(sights, process)
        again = _monotonic_reads.find_lapse(sights, process, reads_own=own is None)
        written = _monotonic_writes.find_lapse(sights, process)
        followed = _writes_follow_reads.find_lapse(sights, process, owed)
        if orders is not None:
            again = again or _list_order.find_changed(sights, orders, process)
            written = written or _list_order.find_later_first(sights, orders, process)
            followed = followed or _list_order.find_effect_first(
                sights, orders, process
            )
        pram = causal = None
        keeps_own = (
            not (own or again) if sights.exact else has_own_view(sights, process)
        )
        if keeps_own and not written:
            conflict = find_conflict(sights, process, issue)
            if conflict is not None:
                written = pram = Lapse("order-of-issue", conflict)
            elif causes is not None:
                conflict = find_conflict(sights, process, causes)
                if conflict is not None:
                    causal = Lapse("causal-order", conflict)
                    followed = followed or causal
        for name, lapse in (
            ("read-your-writes", own),
            ("monotonic-reads", again),
            ("monotonic-writes", written),
            ("writes-follow-reads", followed),
            ("pram", pram),
            ("causal", causal),
        ):
            if lapse is not None:
                found.setdefault(name, (process, lapse))
    return Lapses(found, is_all=True)
