"""The driver of real time: one thread that waits for pipes and for the agenda.

A turn is: read what nodes printed, run what is due, let the caller dispatch, write
what nodes are to get. Completions are thereby recorded before the next invocations,
so that the harness invents no concurrency.
"""

from __future__ import annotations

import contextlib
import select
import selectors
import signal
import socket
import threading
import time
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .agenda import Agenda

_LONGEST_WAIT_NS = 50_000_000
"""A turn is taken at least this often, so that conditions on time are noticed."""


class Loop:
    """Runs an agenda and file descriptors against the monotonic clock.

    Attributes:
        interrupted: How often the user asked to stop.
    """

    def __init__(self, agenda: Agenda, turn: Callable[[], int | None]) -> None:
        """Make a loop that calls `turn` after all input of a turn was handled.

        `turn` returns when it wants to be called at the latest, or None.
        """
        self.interrupted = 0
        self._agenda = agenda
        self._turn = turn
        self._origin = time.monotonic_ns()
        self._selector = selectors.DefaultSelector()

    def watch(
        self, fd: int, readable: Callable[[], None], writable: Callable[[], None]
    ) -> None:
        """Call `readable` whenever the descriptor has something to read."""
        self._selector.register(fd, selectors.EVENT_READ, (readable, writable))

    def watch_writable(self, fd: int, writable: Callable[[], None]) -> None:
        """Call `writable` whenever the descriptor takes more output."""
        self._selector.register(fd, selectors.EVENT_WRITE, (writable, writable))

    def forget(self, fd: int) -> None:
        """Stop watching a descriptor; nothing happens if it is not watched."""
        with contextlib.suppress(KeyError):
            self._selector.unregister(fd)

    def run(self, done: Callable[[], bool], *, deadline: int | None = None) -> None:
        """Take turns until `done()`, until `deadline` (ns) or an interrupt."""
        agenda = self._agenda
        interrupts = self.interrupted
        while True:
            agenda.now = time.monotonic_ns() - self._origin
            agenda.run_due()
            wanted = self._turn()
            if done() or self.interrupted > interrupts:
                return
            now = time.monotonic_ns() - self._origin
            if deadline is not None and now >= deadline:
                return
            wake = now + _LONGEST_WAIT_NS
            for moment in (wanted, deadline, agenda.next_time()):
                if moment is not None and moment < wake:
                    wake = moment
            self._wait(wake - now)

    def _wait(self, wait_ns: int) -> None:
        """Handle what is ready, waiting at most so long for it."""
        if wait_ns > 0:
            # An epoll waits in whole milliseconds; a select on it in microseconds.
            select.select([self._selector], [], [], wait_ns / 1e9)
        ready = self._selector.select(0)
        if ready:
            self._agenda.now = time.monotonic_ns() - self._origin
        for key, events in ready:
            readable, writable = key.data
            if events & selectors.EVENT_READ:
                readable()
            else:
                writable()

    @contextlib.contextmanager
    def interruptible(self) -> Iterator[None]:
        """Count SIGINT, SIGTERM and SIGHUP instead of dying of them.

        Each ends the current `run`, which lets the caller finish with what was
        recorded; the third raises KeyboardInterrupt wherever the program is.
        """
        if threading.current_thread() is not threading.main_thread():
            yield  # Only the main thread may handle signals; another is not asked.
            return
        signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        waker, sleeper = socket.socketpair()
        waker.setblocking(False)
        sleeper.setblocking(False)

        def interrupt(_signum: int, _frame: object) -> None:
            self.interrupted += 1
            if self.interrupted > 2:
                raise KeyboardInterrupt

        def drain() -> None:
            with contextlib.suppress(BlockingIOError):
                sleeper.recv(1024)

        previous = {number: signal.signal(number, interrupt) for number in signals}
        previous_fd = signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        self._selector.register(sleeper.fileno(), selectors.EVENT_READ, (drain, drain))
        try:
            yield
        finally:
            signal.set_wakeup_fd(previous_fd)
            for number, handler in previous.items():
                signal.signal(number, handler)
            self.forget(sleeper.fileno())
            waker.close()
            sleeper.close()

    def close(self) -> None:
        """Release the selector."""
        self._selector.close()
