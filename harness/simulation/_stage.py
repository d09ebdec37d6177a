"""Where programs of nodes run, one at a time: what they see of this process."""

from __future__ import annotations

import os
import random
import sys
from typing import TYPE_CHECKING, Any, Final, NoReturn, TextIO


if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE: Final = 10
"""So often is a program looked at, in one and the same step, before it is ended."""


class EndlessError(BaseException):
    """Raised in a program that does not return from a step."""


class Stage:
    """Gives the program that runs its own streams, and ends one that never returns.

    What else a program does to its process has to be kept from the harness: it ends
    by `os._exit` only itself, and the module `random` draws from the seed of the run.
    """

    def __init__(self, seed: int, folder: str, interrupted: Callable[[], bool]) -> None:
        """Make a stage.

        Args:
            seed: Of the run.
            folder: Where programs find what they import only when they need it.
            interrupted: Whether the user asked to stop.
        """
        self._seed = seed
        self._folder = folder
        self._interrupted = interrupted
        self._is_on = False
        self._steps = 0
        self._seen = -1
        self._looks = 0
        self._stdout: TextIO = sys.stdout
        self._stderr: TextIO = sys.stderr
        self._restored: Callable[[], None] | None = None

    def open(self) -> None:
        """Take over from the harness what programs are not to have of it."""
        leave, state, path = os._exit, random.getstate(), sys.path

        def restore() -> None:
            os._exit = leave
            random.setstate(state)
            sys.path = path

        self._restored = restore
        os._exit = _exit
        random.seed(f"{self._seed}/programs")
        sys.path = [*path, self._folder]  # last: the harness imports late as well
        self._stdout, self._stderr = sys.stdout, sys.stderr

    def close(self) -> None:
        """Give everything back."""
        if self._restored is not None:
            self._restored()
            self._restored = None

    def enter(self, stdout: Any, stderr: Any) -> None:
        """Let a program run now."""
        sys.stdout, sys.stderr = stdout, stderr
        self._steps += 1
        self._is_on = True

    def leave(self) -> None:
        """Let the harness go on."""
        self._is_on = False
        sys.stdout, sys.stderr = self._stdout, self._stderr

    def look(self) -> None:
        """See whether the program still runs that ran at the last look.

        Raises:
            EndlessError: It has been so for too long.
        """
        if not self._is_on or self._steps != self._seen:
            self._seen = self._steps
            self._looks = 0
            return
        self._looks += 1
        if self._looks >= (1 if self._interrupted() else PATIENCE):
            raise EndlessError


def _exit(status: int) -> NoReturn:
    """End a program that asks for its process to end at once."""
    raise SystemExit(status)
