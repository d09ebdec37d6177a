"""Shows how a run goes: one changing line on a terminal, nothing elsewhere."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from harness.runner import Status


class TerminalProgress:
    """Writes to standard error, so that standard output stays the result."""

    def __init__(self, *, visible: bool | None = None) -> None:
        """Show progress if `visible`; by default where standard error is a terminal."""
        self._visible = sys.stderr.isatty() if visible is None else visible
        self._drawn = False

    def update(self, status: Status) -> None:
        """Redraw the line."""
        if not self._visible:
            return
        if status.phase == "end":
            self._clear()
            return
        counts = status.counts
        open_ = counts["invoke"] - counts["ok"] - counts["fail"] - counts["info"]
        text = (
            f"{status.elapsed_ns / 1e9:5.1f} s  {status.phase:<8}  "
            f"{counts['invoke']} ops: {counts['ok']} ok, {counts['fail']} fail, "
            f"{counts['info']} info, {open_} open"
        )
        if status.fault is not None:
            text += f"  ⚡ {status.fault}"
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write(f"\r\x1b[K{text[:width]}")
        sys.stderr.flush()
        self._drawn = True

    def log(self, node: str, line: str) -> None:
        """Show a line of a node above the progress."""
        self._clear()
        sys.stderr.write(f"{node}: {line}\n")

    def _clear(self) -> None:
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._drawn = False
