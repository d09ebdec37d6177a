"""Everything that is to happen later, in one heap.

Real processes and virtual time share it: a driver asks for the next time, waits
or jumps, and runs what is due. Entries of one instant run in the order in which
they were entered, so that equal inputs give equal runs.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from collections.abc import Callable


class Agenda:
    """Actions by the time at which they are due, and the current time.

    Attributes:
        now: Nanoseconds since the start of the run, set by the driver.
    """

    def __init__(self) -> None:
        self.now = 0
        self._heap: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._entered = 0

    def at(self, time: int, action: Callable[..., None], *arguments: Any) -> None:
        """Enter an action that is due at `time`. O(log n)."""
        self._entered += 1
        heapq.heappush(self._heap, (time, self._entered, action, arguments))

    def next_time(self) -> int | None:
        """Return when the earliest entry is due, or None."""
        return self._heap[0][0] if self._heap else None

    def run_due(self) -> None:
        """Run every entry that is due at `now`.

        Entries that these actions add are run too when they are due by `now`;
        an action that always adds another at `now` would never end, which is why
        nothing re-enters itself without a delay.
        """
        heap = self._heap
        while heap and heap[0][0] <= self.now:
            _, _, action, arguments = heapq.heappop(heap)
            action(*arguments)
