"""What each guarantee asks of what looks saw."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple


if TYPE_CHECKING:
    from collections.abc import Mapping


class Guarantee(NamedTuple):
    """Rules about which updates a look saw.

    Attributes:
        own: The updates that its process had made, and that had returned.
        keeps: What looks of its process had seen before.
        issue: With each update, those that the same process had made before, and that
            had returned.
        causes: With each update, what looks of the same process had seen before, and
            what itself saw if it is a remove.
    """

    own: bool = False
    keeps: bool = False
    issue: bool = False
    causes: bool = False


GUARANTEES: Mapping[str, Guarantee] = MappingProxyType(
    {
        "read-your-writes": Guarantee(own=True),
        "monotonic-reads": Guarantee(keeps=True),
        "monotonic-writes": Guarantee(issue=True),
        "writes-follow-reads": Guarantee(causes=True),
        "pram": Guarantee(own=True, keeps=True, issue=True),
        "causal": Guarantee(own=True, keeps=True, issue=True, causes=True),
    }
)
"""By name of the level. PRAM and causal consistency ask for one choice of what looks
saw that keeps all rules at once; the others are judged each alone."""
