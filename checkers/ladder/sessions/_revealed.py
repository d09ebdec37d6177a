"""What the reads of one key reveal."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple


if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._visibility import Act


class Impossible(NamedTuple):
    """A read that no choice of updates explains, whatever the model.

    Attributes:
        name: The kind of anomaly.
        position: The read, as a position in the columns of the history.
        others: Other operations that show it.
        clause: What it did, for a sentence that it is the subject of.
    """

    name: str
    position: int
    others: tuple[int, ...]
    clause: str


class Revealed(NamedTuple):
    """What the reads of one key reveal.

    Attributes:
        acts: Updates, and those reads that reveal what they saw.
        lacking: Why there may be more to see, a clause; None if there is not. What is
            left out are constraints, so that a violation is one all the same.
        impossible: A read that is impossible.
    """

    acts: Sequence[Act] = ()
    lacking: str | None = None
    impossible: Impossible | None = None
