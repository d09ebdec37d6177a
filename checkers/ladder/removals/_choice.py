"""A choice of what looks saw."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


Clock: TypeAlias = "tuple[int, ...]"
"""By replica, how many of its updates, from the first one on."""


class Choice(NamedTuple):
    """What looks saw.

    Attributes:
        chains: By replica: its updates.
        saw: By look, in an order in which each comes after the removes that it saw.
        took: What removes took that never returned.
    """

    chains: list[list[int]]
    saw: dict[int, Clock]
    took: dict[int, frozenset[int]]
