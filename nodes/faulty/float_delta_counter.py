"""A counter that takes what it is to add for a fraction.

The bug: deltas are counted as floating-point numbers.
It shows as `type-error`: the sum of integers is read as 3.0. Had it been rounded before
each read, errors would show from 2**53 on, where floats skip integers.
It needs no fault.
"""

from __future__ import annotations

from nodes.op_counter import OpCounter
from nodes.runtime import run


class FloatDeltaCounter(OpCounter):
    """Differs from the counter of operations in the type of what it counts."""

    def count(self, origin: str, number: int, delta: float) -> None:
        """Take a delta for a fraction."""
        super().count(origin, number, float(delta))  # type: ignore[arg-type]  # the bug


if __name__ == "__main__":
    run(FloatDeltaCounter)
