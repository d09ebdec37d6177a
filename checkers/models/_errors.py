"""What is wrong with a history that a model cannot read."""

from __future__ import annotations


class ModelError(Exception):
    """An operation is none of the model's, or its value has another shape.

    Attributes:
        index: Index of the invocation; None if no one operation is at fault.
        found: What was found, as it stands in the sentence.
        expected: What was expected instead.
        advice: What to do about it: one sentence or more.
    """

    def __init__(
        self, index: int | None, found: str, expected: str, advice: str
    ) -> None:
        # Positional arguments only, so that pools of processes can pickle it.
        super().__init__(index, found, expected, advice)
        self.index = index
        self.found = found
        self.expected = expected
        self.advice = advice

    def __str__(self) -> str:
        where = "" if self.index is None else f"operation {self.index}: "
        return f"{where}found {self.found}; expected {self.expected}. {self.advice}"
