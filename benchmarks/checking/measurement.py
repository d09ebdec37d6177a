"""What a side needed for a history, and what it said."""

from __future__ import annotations

from typing import Literal

import msgspec


class Measurement(msgspec.Struct, frozen=True, kw_only=True):
    """One side and one history. Times are explained in `__main__`.

    Attributes:
        verdict: Whether it is linearizable; `unknown` if there was no answer.
        lack: Why there was none, in a few words.
        read_s: Seconds from the file to the history in memory.
        prepare_s: Seconds from there to integers; 0 for Porcupine, which has none.
        check_s: Seconds from there to the verdict.
        peak_mb: The most memory that the process has held, with all of this.
        method: How ours was found.
        nodes: How many configurations ours has visited.
    """

    verdict: Literal["ok", "illegal", "unknown"]
    lack: str = ""
    read_s: float = 0.0
    prepare_s: float = 0.0
    check_s: float = 0.0
    peak_mb: float = 0.0
    method: str = ""
    nodes: int = 0

    @property
    def whole_s(self) -> float:
        """Seconds from the file to the verdict."""
        return self.read_s + self.prepare_s + self.check_s
