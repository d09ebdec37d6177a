"""What an anomaly is, apart from any instance of it."""

from __future__ import annotations

import msgspec


class AnomalyKind(msgspec.Struct, frozen=True):
    """What an anomaly is, apart from any instance of it.

    Attributes:
        name: The kebab-case name that results carry.
        title: The same as a heading.
        meaning: What it means for the one who wrote the node, in plain words.
    """

    name: str
    title: str
    meaning: str
