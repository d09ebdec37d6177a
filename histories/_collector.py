"""The garbage collector, out of the way."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the garbage collector from walking over what is being made.

    What reads, numbers or searches a history makes objects by the million, none of
    which is garbage in a cycle: to look for some takes as long as the work itself, and
    several times as long as decoding does.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
