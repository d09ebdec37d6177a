"""Verdicts on a history whose data no sequential model describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple


if TYPE_CHECKING:
    from ._levels import Level


class Judgement(NamedTuple):
    """Verdicts, and of what.

    Attributes:
        levels: The verdicts on causal consistency and all that follows from it, but for
            those that follow from others; none if no read succeeded.
        reads: How many reads tell anything.
        updates: How many updates there are.
        keys: Of how many objects; a set and a cart are one.
    """

    levels: list[Level]
    reads: int
    updates: int
    keys: int
