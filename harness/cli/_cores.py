"""How many cores there are for this process."""

from __future__ import annotations

import os


def cores() -> int:
    """Return how many processes can run at a time."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # no such thing on this system
        return os.cpu_count() or 1
