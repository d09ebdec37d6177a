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

from typing import TYPE_CHECKING

from . import (
    _monotonic_reads,
    _monotonic_writes,
    _read_your_writes,
    _writes_follow_reads,
)
from ._clocks import causal_clocks
from ._lapse import Lapse
from ._views import find_conflict, has_own_view, order_of_causes, order_of_issue


if TYPE_CHECKING:
    from ._visibility import Sights


def find_lapses(sights: Sights) -> dict[str, tuple[int, Lapse]]:
    """Return a violation of each guarantee that is broken, and whose it is.

    The keys are names of levels: those of session guarantees, and `pram` and `causal`
    where these are broken although what follows from them is not broken by the same
    process on the same reads. The violation of the process with the lowest number is
    returned, and of that the first one in its session.
    """
    found: dict[str, tuple[int, Lapse]] = {}
    issue = order_of_issue(sights)
    clocks = causal_clocks(sights)
    causes = None if clocks is None else order_of_causes(sights, clocks)
    owed = _writes_follow_reads.duties(sights) if sights.exact else {}
    if causes is None:
        circle = Lapse("circular", ())
        found["writes-follow-reads"] = found["causal"] = 0, circle
    for process in range(len(sights.sessions)):
        if not sights.reads(process):
            continue
        own = _read_your_writes.find_lapse(sights, process)
        again = _monotonic_reads.find_lapse(sights, process, reads_own=own is None)
        written = _monotonic_writes.find_lapse(sights, process)
        followed = _writes_follow_reads.find_lapse(sights, process, owed)
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
    return found
