"""The driver of virtual time: it waits for nothing and jumps to the next moment."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from harness.agenda import Agenda

_LOOK_S = 1.0
"""Seconds of the wall clock between two looks at a node that does not return."""


class VirtualDriver:
    """Runs an agenda as fast as it goes; see `harness.driver.Driver`.

    Attributes:
        interrupted: How often the user asked to stop.
        look: Called now and then by the wall clock, whatever is being done; it may
            raise what ends a node that does not return.
    """

    def __init__(self, agenda: Agenda, turn: Callable[[], int | None]) -> None:
        """Make a driver that calls `turn` after all that is due at a moment.

        `turn` returns when it wants to be called at the latest, or None.
        """
        self.interrupted = 0
        self.look: Callable[[], None] | None = None
        self._agenda = agenda
        self._turn = turn

    def run(self, done: Callable[[], bool], *, deadline: int | None = None) -> None:
        """Take turns until `done()`, until `deadline` (ns) or an interrupt."""
        agenda, turn = self._agenda, self._turn
        interrupts = self.interrupted
        while True:
            agenda.run_due()
            wanted = turn()
            if done() or self.interrupted > interrupts:
                return
            now = agenda.now
            if deadline is not None and now >= deadline:
                return
            moment = agenda.next_time()
            if wanted is not None and (moment is None or wanted < moment):
                # Who wants to be called again at once must not stop the time.
                moment = max(wanted, now + 1)
            if deadline is not None and (moment is None or deadline < moment):
                moment = deadline
            assert moment is not None, "whoever waits has entered until when"
            if moment > now:
                agenda.now = moment

    @contextlib.contextmanager
    def interruptible(self) -> Iterator[None]:
        """Count SIGINT, SIGTERM and SIGHUP instead of dying of them.

        Each ends the current `run`; the third raises KeyboardInterrupt wherever the
        program is. A program of a node that does not return is looked at as well.
        """
        if threading.current_thread() is not threading.main_thread():
            yield  # Only the main thread may handle signals; another is not asked.
            return

        def interrupt(_signum: int, _frame: object) -> None:
            self.interrupted += 1
            if self.interrupted > 2:
                raise KeyboardInterrupt

        def look(_signum: int, _frame: object) -> None:
            if self.look is not None:
                self.look()

        actions = {
            signal.SIGINT: interrupt,
            signal.SIGTERM: interrupt,
            signal.SIGHUP: interrupt,
            signal.SIGALRM: look,
        }
        previous = {
            number: signal.signal(number, action) for number, action in actions.items()
        }
        signal.setitimer(signal.ITIMER_REAL, _LOOK_S, _LOOK_S)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            for number, handler in previous.items():
                signal.signal(number, handler)

    def close(self) -> None:
        """Release nothing: it holds nothing."""
