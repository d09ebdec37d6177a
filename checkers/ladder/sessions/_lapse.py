"""How a process saw less than it should have."""

from __future__ import annotations

from typing import NamedTuple


class Lapse(NamedTuple):
    """A violation of a guarantee, by one process.

    Attributes:
        pattern: What kind it is, in kebab-case; each guarantee names its own.
        acts: The acts that show it, in the order in which the pattern names them.
    """

    pattern: str
    acts: tuple[int, ...]
