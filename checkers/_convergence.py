"""How long the nodes took to converge after the last fault.

The time from the moment when faults were healed and updates had ended, to the end of
the first read on each node from which on all reads on that node are complete; the
slowest node counts. As fine as the polling of the nodes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterable

    from histories import History


def quiet_since(history: History, last_update: int) -> int:
    """Return when the last fault was healed or the last update acknowledged, in ns.

    Faults end with an event of the nemesis whose name starts with `stop-`, or `heal`.
    """
    healed = [
        event.time
        for event in history.nemesis()
        if event.f == "heal" or event.f.startswith("stop-")
    ]
    return max([last_update, *healed])


class Convergence:
    """Finds, from the last read backwards, when each place became complete."""

    def __init__(self, places: Iterable[str]) -> None:
        self._open = set(places)
        self._since: dict[str, int] = {}
        self._never = not self._open

    def wants(self, place: str) -> bool:
        """Whether the next read backwards at this place still matters."""
        return place in self._open

    def observe(self, place: str, end_time: int, *, complete: bool) -> None:
        """Take the next read backwards at a place that is wanted."""
        if complete:
            self._since[place] = end_time
        else:
            self._open.discard(place)
            self._never |= place not in self._since

    def latency_ms(self, quiet_since: int) -> float | None:
        """Return how long the slowest place took; None if one never got there."""
        if self._never or not self._since:
            return None
        if self._open - self._since.keys():
            return None
        return max(0, max(self._since.values()) - quiet_since) / 1e6
