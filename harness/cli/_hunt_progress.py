"""Shows how a hunt goes: one changing line on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TYPE_CHECKING, Final

from checkers import Verdict
from harness.hunting import Size


if TYPE_CHECKING:
    from typing import Self

    from harness.hunting import Hunt, Shrinker

_REDRAWN_S: Final = 0.1
_REPEATED_S: Final = 10.0


def plural(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def told(size: Size) -> str:
    """Return how much there is to read about a run."""
    return (
        f"{plural(size.operations, 'operation')}, {plural(size.faults, 'fault')}, "
        f"{plural(size.nodes, 'node')}, {size.seconds:g} s"
    )


class LineProgress:
    """Writes to standard error, so that standard output stays the result."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._shown = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def show(self, text: str) -> None:
        """Show a line in the place of the last one; not more often than can be read."""
        now = time.monotonic()
        if now - self._shown < (_REDRAWN_S if self._is_terminal else _REPEATED_S):
            return
        self._shown = now
        if self._is_terminal:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write(f"\r\x1b[K{text[:width]}")
        else:
            sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


class HuntProgress(LineProgress):
    """Shows how far a hunt is, and then how small the run has become."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self._total = total

    def searched(self, hunt: Hunt) -> None:
        """Tell how many runs were carried out."""
        unknown = hunt.verdicts.get(Verdict.UNKNOWN, 0)
        self.show(
            f"run {hunt.runs} of {self._total}: "
            f"{plural(hunt.operations, 'operation')}, "
            f"{plural(sum(hunt.faults.values()), 'fault')}"
            + (f", {unknown} unknown" if unknown else "")
        )

    def shrunk(self, shrinker: Shrinker) -> None:
        """Tell how small the run is by now."""
        self.show(
            f"shrinking, attempt {shrinker.attempts}: {told(Size.of(shrinker.spec))}"
        )
