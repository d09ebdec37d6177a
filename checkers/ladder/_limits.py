"""What judging a history may spend, and how its parts share that."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from checkers.search import Budget


if TYPE_CHECKING:
    from collections.abc import Callable


WITNESS_SHARE = 0.1
"""Share of the time that each search for a small witness may take."""


BRIEF_S = 3.0
"""Seconds for the search about a model that nobody has declared."""


class Limits:
    """A time limit that several searches share, one after the other.

    Each may go on until a share of the whole time has passed, so that what one does
    not need is left to those after it.
    """

    def __init__(
        self,
        *,
        timeout_s: float | None,
        nodes: int | None = None,
        entries: int | None = None,
        cancelled: Callable[[], bool] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the clock.

        Args:
            timeout_s: Seconds for all together; None for no limit.
            nodes: Configurations that each search may visit; None for any number.
            entries: Configurations that each may remember; None for the default.
            cancelled: Asked all along; True stops everything.
            clock: Seconds since whenever.
        """
        self._start = clock()
        self._timeout_s = timeout_s
        default = Budget()
        self._nodes = default.nodes if nodes is None else nodes
        self._entries = default.entries if entries is None else entries
        self._cancelled = cancelled
        self._clock = clock

    def until(self, share: float) -> Budget:
        """Return what may be spent until a share of the time has passed."""
        return self._budget(self._start, share)

    def within(self, share: float) -> Budget:
        """Return what may be spent while a share of the time passes from now on."""
        return self._budget(self._clock(), share)

    def briefly(self, share: float) -> Budget:
        """Return the same as `until`, but some seconds from now on at most.

        For what nobody has asked about: worth a moment, not a minute.
        """
        budget = self.until(share)
        latest = self._clock() + BRIEF_S
        if budget.deadline is not None and budget.deadline < latest:
            return budget
        return self._budget(latest, 0) if self._timeout_s is not None else budget

    def _budget(self, start: float, share: float) -> Budget:
        timeout_s = self._timeout_s
        return Budget(
            nodes=self._nodes,
            entries=self._entries,
            deadline=None if timeout_s is None else start + share * timeout_s,
            cancelled=self._cancelled,
            clock=self._clock,
        )
