"""The wall clock of a node's process: that of the machine, unless a fault moves it.

Faults can't set the clock of the machine for one process. They write the offset into
a file instead, in seconds with sign, such as `+2.500000` or `-0.3`, and this clock
adds it. That is the format of libfaketime's timestamp file, so programs that do not
ask this clock can be served by the same file.
"""

from __future__ import annotations

import time


def wall_clock_ns(path: str | None) -> int:
    """Return the nanoseconds since 1970, off by what the file says, if there is one.

    The file is read each time. Whoever changes it has to replace it by renaming,
    because an empty or absent file means no offset.
    """
    return time.time_ns() + (_offset_ns(path) if path else 0)


def _offset_ns(path: str) -> int:
    try:
        with open(path, encoding="ascii") as file:  # noqa: PTH123  pathlib is slow to import
            text = file.read().strip()
    except FileNotFoundError:
        return 0
    try:
        return round(float(text or 0) * 1e9)
    except (ValueError, OverflowError):
        form = "seconds with sign, such as +2.500000"
        raise ValueError(f"{path} must hold {form}, not {text[:40]!r}") from None
