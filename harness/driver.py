"""Who moves time on: the clock of the machine, or a simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol


if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager


class Driver(Protocol):
    """Runs what is on an agenda when its time has come.

    Attributes:
        interrupted: How often the user asked to stop.
    """

    interrupted: int

    def run(self, done: Callable[[], bool], *, deadline: int | None = None) -> None:
        """Take turns until `done()`, until `deadline` (ns) or an interrupt."""

    def interruptible(self) -> AbstractContextManager[None]:
        """Count the signals that ask to stop, instead of dying of them."""

    def close(self) -> None:
        """Release what it holds."""
