"""Why a history cannot be judged as one of a certain data type."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from ._verdict import Reason


class UnfitError(Exception):
    """The history is not one of the data type; becomes an UNKNOWN result."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence
